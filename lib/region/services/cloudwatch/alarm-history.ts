import type { AlarmHistoryItem, HistoryItemType } from "@aws-sdk/client-cloudwatch";
import type { Alarm, AlarmState } from "./alarm.ts";

/**
 * CloudWatch shows alarm history for thirty days (the user guide by way of public material; not in the SDK:
 * unverified).
 */
const keptMs = 30 * 24 * 3_600_000;

/** What happened to alarms, deleted ones included, oldest first. */
export class AlarmHistory {
  readonly #clock: () => number;
  #items: AlarmHistoryItem[] = [];

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** The items of the last thirty days, oldest first. */
  items(): readonly AlarmHistoryItem[] {
    const since = this.#clock() - keptMs;
    this.#items = this.#items.filter(({ Timestamp }) => Timestamp && Timestamp.getTime() >= since);
    return this.#items;
  }

  configured(alarm: Alarm, change: "created" | "updated" | "deleted"): void {
    const type = { created: "Create", updated: "Update", deleted: "Delete" }[change];
    this.#write(
      alarm,
      "ConfigurationUpdate",
      `Alarm "${alarm.name}" ${change}`,
      JSON.stringify({ version: "1.0", type }),
    );
  }

  /** [CLI reference, describe-alarm-history: its example has these members] */
  changed(alarm: Alarm, previous: AlarmState): void {
    const data = `{"version":"1.0","oldState":${stateJson(previous)},"newState":${stateJson(alarm.state)}}`;
    this.#write(alarm, "StateUpdate", `Alarm updated from ${previous.value} to ${alarm.state.value}`, data);
  }

  acted(alarm: Alarm, target: string, failure?: string): void {
    const summary =
      failure === undefined
        ? `Successfully executed action ${target}`
        : `Failed to execute action ${target}. Received error: "${failure}"`;
    const actionState = failure === undefined ? "Succeeded" : "Failed";
    const data = {
      actionState,
      notificationResource: target,
      ...(failure === undefined ? {} : { error: failure }),
    };
    this.#write(alarm, "Action", summary, JSON.stringify(data));
  }

  #write(
    { name, settings }: Alarm,
    HistoryItemType: HistoryItemType,
    HistorySummary: string,
    HistoryData: string,
  ): void {
    this.#items.push({
      AlarmName: name,
      AlarmType: settings.kind === "metric" ? "MetricAlarm" : "CompositeAlarm",
      Timestamp: new Date(this.#clock()),
      HistoryItemType,
      HistorySummary,
      HistoryData,
    });
  }
}

/** The reason data is JSON already and keeps its text: `50.0` is not to become `50`. */
function stateJson({ value, reason, reasonData }: AlarmState): string {
  const data = reasonData === undefined ? "" : `,"stateReasonData":${reasonData}`;
  return `{"stateValue":"${value}","stateReason":${JSON.stringify(reason)}${data}}`;
}
