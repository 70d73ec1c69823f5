import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
} from "@aws-sdk/client-cloudwatch";
import { CLIENT_OPTIONS } from "./platform.ts";

/** The state of an alarm and since when. */
export interface AlarmState {
  readonly name: string;
  readonly state: string;
  /** The last real transition, not the last update (docs/facts/frontend-secrets-config.md H). */
  readonly since?: Date;
}

export interface AlarmReader {
  stateOf(name: string): Promise<string | undefined>;
  statesOf(names: readonly string[]): Promise<AlarmState[]>;
  /** Whether the alarm went into ALARM at any moment of the span. */
  firedBetween(name: string, from: Date, to: Date): Promise<boolean>;
}

/** "AlarmNames: Array Members: Maximum number of 100 items" (DescribeAlarms); without names it would list them all. */
const NAMES_A_REQUEST = 100;

export function alarmReader(client = new CloudWatchClient(CLIENT_OPTIONS)): AlarmReader {
  const statesOf = async (names: readonly string[]): Promise<AlarmState[]> => {
    if (names.length === 0) return [];
    if (names.length > NAMES_A_REQUEST) {
      const parts = [names.slice(0, NAMES_A_REQUEST), names.slice(NAMES_A_REQUEST)];
      return (await Promise.all(parts.map(statesOf))).flat();
    }
    const answer = await client.send(
      new DescribeAlarmsCommand({ AlarmNames: [...names], MaxRecords: NAMES_A_REQUEST }),
    );
    return (answer.MetricAlarms ?? []).map((alarm) => ({
      name: alarm.AlarmName ?? "",
      state: alarm.StateValue ?? "INSUFFICIENT_DATA",
      ...(alarm.StateTransitionedTimestamp ? { since: alarm.StateTransitionedTimestamp } : {}),
    }));
  };
  return {
    statesOf,
    stateOf: async (name) => (await statesOf([name]))[0]?.state,
    async firedBetween(name, from, to) {
      let NextToken: string | undefined;
      do {
        const page = await client.send(
          new DescribeAlarmHistoryCommand({
            AlarmName: name,
            HistoryItemType: "StateUpdate",
            StartDate: from,
            EndDate: to,
            ...(NextToken ? { NextToken } : {}),
          }),
        );
        if ((page.AlarmHistoryItems ?? []).some((item) => item.HistorySummary?.endsWith("to ALARM")))
          return true;
        NextToken = page.NextToken;
      } while (NextToken);
      return false;
    },
  };
}
