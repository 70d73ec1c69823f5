import type { Alarm, AlarmState, MetricAlarmSettings } from "./alarm.ts";
import { dimensionList } from "./metric-id.ts";
import { eventTime } from "./reason-format.ts";

/**
 * What an alarm publishes to an SNS topic: the subject and the JSON message of captured notifications.
 * `EvaluateLow…` and `TreatMissingData` are empty strings when not set there. A composite's list of
 * triggering children is left out.
 */
export function alarmNotification(
  alarm: Alarm,
  previous: AlarmState,
  { account, region }: { readonly account: string; readonly region: string },
): { readonly Subject: string; readonly Message: string } {
  const { name, arn, settings, state, configuredAt } = alarm;
  const place = regionNames[region] ?? region;
  const message = {
    AlarmName: name,
    AlarmDescription: settings.description ?? null,
    AWSAccountId: account,
    AlarmConfigurationUpdatedTimestamp: eventTime(configuredAt),
    NewStateValue: state.value,
    NewStateReason: state.reason,
    StateChangeTime: eventTime(state.at),
    Region: place,
    AlarmArn: arn,
    OldStateValue: previous.value,
    OKActions: settings.actions.OK,
    AlarmActions: settings.actions.ALARM,
    InsufficientDataActions: settings.actions.INSUFFICIENT_DATA,
    ...(settings.kind === "metric"
      ? { Trigger: trigger(settings) }
      : { AlarmRule: settings.input.AlarmRule }),
  };
  // An SNS subject holds at most 100 characters [SNS Publish, Subject].
  const subject = `${state.value}: "${name}" in ${place}`;
  return { Subject: subject.slice(0, 100), Message: JSON.stringify(message) };
}

/** The names that notifications use for Regions; another Region keeps its code. */
const regionNames: Readonly<Record<string, string>> = {
  "us-east-1": "US East (N. Virginia)",
  "us-east-2": "US East (Ohio)",
  "us-west-2": "US West (Oregon)",
  "eu-central-1": "EU (Frankfurt)",
  "eu-west-1": "EU (Ireland)",
  "eu-north-1": "EU (Stockholm)",
  "ap-northeast-1": "Asia Pacific (Tokyo)",
  "ap-southeast-2": "Asia Pacific (Sydney)",
};

function trigger(settings: MetricAlarmSettings): Readonly<Record<string, unknown>> {
  const { watched, input } = settings;
  const criterion = {
    Period: settings.periodSeconds,
    EvaluationPeriods: settings.evaluationPeriods,
    ...(input.DatapointsToAlarm === undefined ? {} : { DatapointsToAlarm: input.DatapointsToAlarm }),
    ComparisonOperator: settings.comparison,
    Threshold: settings.threshold,
    TreatMissingData: input.TreatMissingData ?? "",
    EvaluateLowSampleCountPercentile: input.EvaluateLowSampleCountPercentile ?? "",
  };
  if (watched.kind === "expression" || input.Metrics) return { ...criterion, Metrics: input.Metrics };
  const statistic =
    watched.statistic.percent === undefined
      ? { StatisticType: "Statistic", Statistic: watched.statistic.name.toUpperCase() }
      : { StatisticType: "ExtendedStatistic", ExtendedStatistic: watched.statistic.name };
  return {
    MetricName: watched.metric.name,
    Namespace: watched.metric.namespace,
    ...statistic,
    Unit: watched.unit ?? null,
    Dimensions: dimensionList(watched.metric.dimensions).map(({ Name, Value }) => ({
      value: Value,
      name: Name,
    })),
    ...criterion,
  };
}
