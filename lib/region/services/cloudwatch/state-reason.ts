import type { Criterion, MetricAlarmSettings } from "./alarm.ts";
import type { Datapoint, Decision } from "./alarm-decision.ts";
import { counted, datapointTime, eventTime, javaNumber } from "./reason-format.ts";

/**
 * Says why an evaluation came to its state, in AWS's words.
 *
 * The forms are those of captured alarms in public repositories and of the user guide: "1 out of the last 20
 * datapoints [613.0 (16/03/24 12:15:00)] was greater than … and 19 missing datapoints were treated as
 * [NonBreaching] (minimum 1 datapoint for OK -> ALARM transition)."; without `DatapointsToAlarm`, "24
 * datapoints were greater than the threshold (0.0). The most recent datapoints which crossed the threshold:
 * […]." from five datapoints up.
 */
export function stateReason(decision: Decision, settings: MetricAlarmSettings): string {
  const { state, evaluated, missing, crossing } = decision;
  const { evaluationPeriods, datapointsToAlarm, threshold } = settings;
  if (state === "INSUFFICIENT_DATA") return `Insufficient Data: ${counted(missing, "datapoint")} unknown.`;
  const filled = `${counted(missing, "missing datapoint")} treated as [${fillings[settings.treatMissingData]}]`;
  if (crossing.length === 0) {
    const received = evaluated.length === 0 ? "no datapoints were" : counted(evaluated.length, "datapoint");
    const periods = counted(evaluationPeriods, "period", false);
    return `Threshold Crossed: ${received} received for ${periods} and ${filled}.`;
  }

  const stated = settings.input.DatapointsToAlarm !== undefined;
  const subject = stated
    ? `${crossing.length} out of the last ${evaluationPeriods} datapoints`
    : counted(crossing.length, "datapoint", false);
  const listed = crossing.slice(0, 5).map(({ value, at }) => `${javaNumber(value)} (${datapointTime(at)})`);
  const inline = crossing.length < 5 ? ` [${listed.join(", ")}]` : "";
  const apart =
    crossing.length < 5
      ? ""
      : `. The most recent datapoints which crossed the threshold: [${listed.join(", ")}]`;
  const verb = `${crossing.length === 1 ? "was" : "were"}${state === "OK" ? " not" : ""}`;
  const compared = `${verb} ${comparisonWords[settings.comparison]} the threshold (${javaNumber(threshold)})`;
  const also = missing > 0 && settings.treatMissingData in fillings ? ` and ${filled}` : "";
  const least = state === "ALARM" ? datapointsToAlarm : evaluationPeriods - datapointsToAlarm + 1;
  const arrow = state === "ALARM" ? "OK -> ALARM" : "ALARM -> OK";
  const minimum = stated ? ` (minimum ${counted(least, "datapoint", false)} for ${arrow} transition)` : "";
  return `Threshold Crossed: ${subject}${inline} ${compared}${also}${apart}${minimum}.`;
}

/**
 * The JSON beside the reason [events reference; captured alarms]. A missing datapoint has only a timestamp;
 * that a mixed list shows the newest missing ones is unverified. Expressions have no statistic and no sample
 * counts.
 *
 * @param missingAt starts of the periods that were filled in
 */
export function stateReasonData(
  { evaluated }: Decision,
  settings: MetricAlarmSettings,
  { now, missingAt }: { readonly now: number; readonly missingAt: readonly number[] },
): string {
  const { watched, periodSeconds, threshold } = settings;
  const oldest = evaluated.at(-1);
  const points = [
    ...evaluated.map((point) => ({ at: point.at, text: evaluatedDatapoint(point) })),
    ...missingAt.map((at) => ({ at, text: `{"timestamp":"${eventTime(at)}"}` })),
  ].sort((a, b) => b.at - a.at);
  const recent = evaluated.map(({ value }) => javaNumber(value)).reverse();
  const members = [
    `"version":"1.0"`,
    `"queryDate":"${eventTime(now)}"`,
    ...(oldest ? [`"startDate":"${eventTime(oldest.at)}"`] : []),
    ...(watched.kind === "metric" && watched.unit ? [`"unit":"${watched.unit}"`] : []),
    ...(watched.kind === "metric" ? [`"statistic":"${watched.statistic.name}"`] : []),
    `"period":${periodSeconds}`,
    `"recentDatapoints":[${recent.join(",")}]`,
    `"threshold":${javaNumber(threshold)}`,
    `"evaluatedDatapoints":[${points.map(({ text }) => text).join(",")}]`,
  ];
  return `{${members.join(",")}}`;
}

const fillings: Readonly<Record<string, string>> = { breaching: "Breaching", notBreaching: "NonBreaching" };

const comparisonWords: Readonly<Record<Criterion["comparison"], string>> = {
  GreaterThanOrEqualToThreshold: "greater than or equal to",
  GreaterThanThreshold: "greater than",
  LessThanOrEqualToThreshold: "less than or equal to",
  LessThanThreshold: "less than",
};

function evaluatedDatapoint({ at, value, samples }: Datapoint): string {
  const count = samples === undefined ? "" : `"sampleCount":${javaNumber(samples)},`;
  return `{"timestamp":"${eventTime(at)}",${count}"value":${javaNumber(value)}}`;
}
