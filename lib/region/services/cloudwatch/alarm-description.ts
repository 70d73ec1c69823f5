import type { CompositeAlarm, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { Alarm, CompositeAlarmSettings, MetricAlarmSettings } from "./alarm.ts";

/** A metric alarm as DescribeAlarms shows it. */
export function describeMetricAlarm(alarm: Alarm, settings: MetricAlarmSettings): MetricAlarm {
  const { input } = settings;
  return {
    ...describeShared(alarm),
    MetricName: input.MetricName,
    Namespace: input.Namespace,
    Statistic: input.Statistic,
    ExtendedStatistic: input.ExtendedStatistic,
    Dimensions: input.Dimensions ?? [],
    Period: input.Period,
    Unit: input.Unit,
    EvaluationPeriods: input.EvaluationPeriods,
    DatapointsToAlarm: input.DatapointsToAlarm,
    Threshold: input.Threshold,
    ComparisonOperator: input.ComparisonOperator,
    TreatMissingData: input.TreatMissingData,
    EvaluateLowSampleCountPercentile: input.EvaluateLowSampleCountPercentile,
    Metrics: input.Metrics,
  };
}

/** A composite alarm as DescribeAlarms shows it. */
export function describeCompositeAlarm(alarm: Alarm, settings: CompositeAlarmSettings): CompositeAlarm {
  return { ...describeShared(alarm), AlarmRule: settings.input.AlarmRule };
}

function describeShared(alarm: Alarm) {
  const { name, arn, settings, state, transitionedAt, configuredAt } = alarm;
  return {
    AlarmName: name,
    AlarmArn: arn,
    AlarmDescription: settings.description,
    AlarmConfigurationUpdatedTimestamp: new Date(configuredAt),
    ActionsEnabled: settings.actionsEnabled,
    OKActions: [...settings.actions.OK],
    AlarmActions: [...settings.actions.ALARM],
    InsufficientDataActions: [...settings.actions.INSUFFICIENT_DATA],
    StateValue: state.value,
    StateReason: state.reason,
    StateReasonData: state.reasonData,
    StateUpdatedTimestamp: new Date(state.at),
    StateTransitionedTimestamp: new Date(transitionedAt),
    ActionConfiguration: settings.actionConfiguration,
  };
}
