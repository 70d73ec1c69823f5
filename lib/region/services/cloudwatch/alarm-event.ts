import type { Alarm, AlarmState, MetricAlarmSettings } from "./alarm.ts";
import type { MetricQuery } from "./metric-query.ts";
import { eventTime } from "./reason-format.ts";

/** An alarm mute window that covers the moment of an event. */
interface MuteDetail {
  readonly mutedByArn: string;
  readonly muteWindowStart: string;
  readonly muteWindowEnd: string;
}

/** The detail of `CloudWatch Alarm State Change` [user guide, "Alarm events and EventBridge"; facts G]. */
export function stateChangeDetail(
  alarm: Alarm,
  previous: AlarmState,
  muteDetail: MuteDetail | undefined,
): Readonly<Record<string, unknown>> {
  const { name, settings, state } = alarm;
  const description = settings.description === undefined ? {} : { description: settings.description };
  const configuration =
    settings.kind === "metric" ? { metrics: metricsOf(settings) } : { alarmRule: settings.input.AlarmRule };
  return {
    alarmName: name,
    state: stateDetail(state),
    previousState: stateDetail(previous),
    configuration: { ...description, ...configuration },
    ...(muteDetail ? { muteDetail } : {}),
    ...propagatedTags(alarm),
  };
}

/** The detail of `CloudWatch Alarm Configuration Change` [same page]. */
export function configurationChangeDetail(
  alarm: Alarm,
  operation: "create" | "update" | "delete",
  previous?: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return {
    alarmName: alarm.name,
    operation,
    state: { value: alarm.state.value, timestamp: eventTime(alarm.state.at) },
    configuration: configurationOf(alarm),
    ...(previous ? { previousConfiguration: previous } : {}),
  };
}

/** An alarm's whole configuration as configuration events show it. */
export function configurationOf({ name, settings, configuredAt }: Alarm): Readonly<Record<string, unknown>> {
  const own =
    settings.kind === "composite"
      ? { alarmRule: settings.input.AlarmRule }
      : {
          evaluationPeriods: settings.evaluationPeriods,
          ...(settings.input.DatapointsToAlarm === undefined
            ? {}
            : { datapointsToAlarm: settings.input.DatapointsToAlarm }),
          threshold: settings.threshold,
          comparisonOperator: settings.comparison,
          treatMissingData: settings.input.TreatMissingData ?? "missing",
          metrics: metricsOf(settings),
        };
  return {
    ...own,
    alarmName: name,
    ...(settings.description === undefined ? {} : { description: settings.description }),
    actionsEnabled: settings.actionsEnabled,
    timestamp: eventTime(configuredAt),
    okActions: settings.actions.OK,
    alarmActions: settings.actions.ALARM,
    insufficientDataActions: settings.actions.INSUFFICIENT_DATA,
  };
}

function stateDetail({ value, reason, reasonData, at }: AlarmState): Readonly<Record<string, unknown>> {
  return { value, reason, ...(reasonData === undefined ? {} : { reasonData }), timestamp: eventTime(at) };
}

function metricsOf({ queries, input }: MetricAlarmSettings): readonly Readonly<Record<string, unknown>>[] {
  const stated = new Map((input.Metrics ?? []).map(({ Id, Period }) => [Id, Period]));
  return queries.all.map((query) => metricOf(query, queries.periodSeconds, stated.get(query.id)));
}

function metricOf(
  query: MetricQuery,
  periodSeconds: number,
  ownPeriod: number | undefined,
): Readonly<Record<string, unknown>> {
  const label = query.label === undefined ? {} : { label: query.label };
  const period = ownPeriod === undefined ? {} : { period: ownPeriod };
  if (query.kind === "expression") {
    return { id: query.id, expression: query.text, ...label, ...period, returnData: query.returnData };
  }
  const { namespace, name, dimensions } = query.metric;
  const unit = query.unit === undefined ? {} : { unit: query.unit };
  return {
    id: query.id,
    metricStat: {
      metric: { namespace, name, dimensions },
      period: periodSeconds,
      stat: query.statistic.name,
      ...unit,
    },
    ...label,
    returnData: query.returnData,
  };
}

/** Tags travel only when the alarm was told so, and never the `aws:` ones [facts G]. */
function propagatedTags({ settings, tags }: Alarm): Readonly<Record<string, unknown>> {
  const propagation = settings.actionConfiguration?.AlarmTagsPropagation;
  if (!propagation?.Enabled) return {};
  const { IncludedTagKeys: included, ExcludedTagKeys: excluded = [] } = propagation;
  const chosen = [...tags].filter(
    ([key]) => !key.startsWith("aws:") && (included?.includes(key) ?? true) && !excluded.includes(key),
  );
  return { alarmTags: Object.fromEntries(chosen), alarmTagsStatus: "SUCCESS" };
}
