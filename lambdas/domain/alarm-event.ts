import { type Alarm, alarmPrefix, type Environment } from "../contracts/environment.ts";
import { AlarmEvent } from "../contracts/request.ts";

/** An alarm event that belongs to this environment, reduced to what deciding needs. */
export interface AlarmCall {
  readonly eventId: string;
  readonly alarmName: string;
  readonly alarm: Alarm;
  /** When the alarm changed, epoch milliseconds. */
  readonly changedAt: number;
  readonly value: string;
  readonly muted: boolean;
  readonly why: string;
}

/**
 * Reads the event that the EventBridge rule passed on. Anything that is not a state change of one of this
 * environment's own alarms in this account and region is answered with a sentence instead.
 */
export function readAlarmEvent(
  event: unknown,
  environment: Environment,
): AlarmCall | { readonly problem: string } {
  const parsed = AlarmEvent.safeParse(event);
  if (!parsed.success) return { problem: "the event is not a CloudWatch alarm state change" };
  const { account, region, resources, detail, id } = parsed.data;
  if (account !== environment.account || region !== environment.region) {
    return {
      problem: `the event is from account ${account} in ${region}, not from ${environment.account} in ${environment.region}`,
    };
  }
  const expectedArn = `:cloudwatch:${environment.region}:${environment.account}:alarm:${detail.alarmName}`;
  if (!resources[0]?.endsWith(expectedArn)) {
    return {
      problem: `the event's resource ${resources[0]} is not the alarm ${detail.alarmName} of this account`,
    };
  }
  const prefix = alarmPrefix(environment);
  const alarm = environment.alarms.find((candidate) => `${prefix}${candidate.name}` === detail.alarmName);
  if (!alarm)
    return { problem: `the alarm ${detail.alarmName} is not one of environment ${environment.name}` };
  const changedAt = timestampOf(detail.state.timestamp);
  if (changedAt === undefined)
    return { problem: `the event's timestamp "${detail.state.timestamp}" is not a time` };
  return {
    eventId: id,
    alarmName: detail.alarmName,
    alarm,
    changedAt,
    value: detail.state.value,
    muted: detail.muteDetail?.mutedByArn !== undefined,
    why: firstSentence(detail.state.reason ?? ""),
  };
}

/** CloudWatch writes `+0000` where ISO 8601 wants `+00:00` or `Z` (docs/facts/frontend-secrets-config.md G). */
function timestampOf(text: string): number | undefined {
  const time = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, "$1:$2"));
  return Number.isNaN(time) ? undefined : time;
}

/** CloudWatch lists the datapoints after its first sentence; people read the first. */
function firstSentence(reason: string): string {
  return reason.split(/\. (?=[A-Z])/)[0]?.slice(0, 300) ?? "";
}
