import type {
  ActionConfiguration,
  PutCompositeAlarmInput,
  PutMetricAlarmInput,
} from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../service-model.ts";
import type {
  AlarmSettings,
  Comparison,
  CompositeAlarmSettings,
  MetricAlarmSettings,
  StateName,
  TreatMissingData,
} from "./alarm.ts";
import { extraPeriods } from "./alarm-decision.ts";
import { parseAlarmRule } from "./alarm-rule.ts";
import { dimensionRecord } from "./metric-id.ts";
import { checkPeriod, MetricQueries, type MetricQuery } from "./metric-query.ts";
import { MetricStore } from "./metric-store.ts";
import { samplesNeeded, statisticNamed } from "./statistic.ts";

/**
 * Reads a PutMetricAlarm request; refuses what AWS refuses and what the region does not model.
 *
 * @param freshId names the single metric of an alarm without `Metrics`, as events show it
 */
export function metricAlarmSettings(input: PutMetricAlarmInput, freshId: () => string): MetricAlarmSettings {
  const queries = input.Metrics === undefined ? singleMetric(input, freshId) : mathQueries(input);
  const watched = watchedQuery(queries, input.Metrics !== undefined);
  const { EvaluationPeriods: evaluationPeriods, Threshold: threshold } = input;
  if (evaluationPeriods === undefined || evaluationPeriods < 1)
    return invalid("EvaluationPeriods must be at least 1");
  if (threshold === undefined) return invalid("Threshold is required for alarms on static thresholds");
  const datapointsToAlarm = input.DatapointsToAlarm ?? evaluationPeriods;
  if (datapointsToAlarm < 1 || datapointsToAlarm > evaluationPeriods) {
    invalid("DatapointsToAlarm must be between 1 and EvaluationPeriods");
  }
  const { periodSeconds } = queries;
  // [PutMetricAlarm, Period]
  const longest = periodSeconds < 3_600 ? 86_400 : 604_800;
  if (periodSeconds * evaluationPeriods > longest) {
    invalid(`Metrics cannot be checked across more than ${longest} seconds (EvaluationPeriods * Period)`);
  }
  return {
    ...sharedSettings(input),
    kind: "metric",
    input,
    queries,
    watched,
    periodSeconds,
    evaluationPeriods,
    datapointsToAlarm,
    threshold,
    comparison: comparison(input.ComparisonOperator),
    treatMissingData: treatMissingData(input.TreatMissingData, queries.all),
    samplesNeeded: lowSampleLimit(input.EvaluateLowSampleCountPercentile, watched),
  };
}

/** Reads a PutCompositeAlarm request. Suppressors are not accepted by the operation. */
export function compositeAlarmSettings(input: PutCompositeAlarmInput): CompositeAlarmSettings {
  return { ...sharedSettings(input), kind: "composite", input, rule: parseAlarmRule(input.AlarmRule ?? "") };
}

/** How far an alarm looks back at most, milliseconds. */
export function alarmRangeMs({ evaluationPeriods, periodSeconds }: MetricAlarmSettings): number {
  return (evaluationPeriods + extraPeriods + 1) * periodSeconds * 1_000;
}

const comparisons: readonly string[] = [
  "GreaterThanOrEqualToThreshold",
  "GreaterThanThreshold",
  "LessThanOrEqualToThreshold",
  "LessThanThreshold",
] satisfies Comparison[];

const treatments: readonly string[] = [
  "missing",
  "ignore",
  "breaching",
  "notBreaching",
] satisfies TreatMissingData[];

function singleMetric(input: PutMetricAlarmInput, freshId: () => string): MetricQueries {
  const { Namespace, MetricName, Statistic, ExtendedStatistic, Period, Unit } = input;
  if (!Namespace || !MetricName) return invalid("Either MetricName and Namespace or Metrics must be given");
  const statistic = Statistic ?? ExtendedStatistic;
  if (statistic === undefined || (Statistic !== undefined && ExtendedStatistic !== undefined)) {
    return invalid("Exactly one of Statistic and ExtendedStatistic must be given");
  }
  if (Period === undefined) return invalid("Period is required for alarms on one metric");
  const query: MetricQuery = {
    kind: "metric",
    id: freshId(),
    returnData: true,
    metric: { namespace: Namespace, name: MetricName, dimensions: dimensionRecord(input.Dimensions) },
    statistic: statisticNamed(statistic),
    unit: Unit,
  };
  return new MetricQueries([query], checkPeriod(Period));
}

function mathQueries(input: PutMetricAlarmInput): MetricQueries {
  const alone = [
    "Namespace",
    "MetricName",
    "Dimensions",
    "Period",
    "Unit",
    "Statistic",
    "ExtendedStatistic",
  ] as const;
  const both = alone.filter((member) => input[member] !== undefined);
  if (both.length > 0) invalid(`Metrics list cannot be given together with ${both.join(", ")}`);
  const queries = MetricQueries.parse(input.Metrics ?? []);
  const metrics = queries.all.filter(({ kind }) => kind === "metric").length;
  // [facts H: math alarms take at most ten metrics]
  if (metrics < 1 || metrics > 10) invalid("Metrics list must contain between one and ten metrics");
  return queries;
}

/**
 * The one query with ReturnData. Evaluating every expression once over no data finds what does not fit
 * together.
 */
function watchedQuery(queries: MetricQueries, math: boolean): MetricQuery {
  const [watched, second] = queries.all.filter(({ returnData }) => returnData);
  if (!watched || second) return invalid("Exactly one element of the metrics list should return data");
  if (!math) return watched;
  const grid = { start: 0, periodSeconds: queries.periodSeconds, length: 1 };
  const nothing = new MetricStore(() => 0);
  const kinds = new Map(queries.all.map(({ id }) => [id, queries.evaluate(id, grid, nothing).kind]));
  if (kinds.get(watched.id) !== "series")
    invalid(`The expression ${watched.id} must return a single time series`);
  return watched;
}

function comparison(text: string | undefined): Comparison {
  if (isComparison(text)) return text;
  return invalid(
    `ComparisonOperator ${text} is not modelled by the simulated region: use a static threshold`,
  );
}

/** Alarms on AWS/DynamoDB metrics always ignore missing data [PutMetricAlarm, TreatMissingData]. */
function treatMissingData(text: string | undefined, queries: readonly MetricQuery[]): TreatMissingData {
  const treatment = text ?? "missing";
  if (!isTreatment(treatment))
    return invalid(`Option ${treatment} is not supported for treat-missing-data parameter`);
  const ignores = queries.some(
    (query) => query.kind === "metric" && query.metric.namespace === "AWS/DynamoDB",
  );
  return ignores ? "ignore" : treatment;
}

function lowSampleLimit(option: string | undefined, watched: MetricQuery): number {
  if (option === undefined || option === "evaluate") return 0;
  const percentile = watched.kind === "metric" && watched.statistic.percent !== undefined;
  if (option !== "ignore" || !percentile) {
    return invalid(`Option ${option} is not supported for evaluate-low-sample-count-percentile parameter`);
  }
  return samplesNeeded(watched.statistic);
}

interface SharedInput {
  readonly AlarmName?: string | undefined;
  readonly AlarmDescription?: string | undefined;
  readonly ActionsEnabled?: boolean | undefined;
  readonly OKActions?: string[] | undefined;
  readonly AlarmActions?: string[] | undefined;
  readonly InsufficientDataActions?: string[] | undefined;
  readonly ActionConfiguration?: ActionConfiguration | undefined;
}

function sharedSettings(input: SharedInput): AlarmSettings {
  const { AlarmName: name = "" } = input;
  if (name.length < 1 || name.length > 255) invalid("AlarmName must be between 1 and 255 characters");
  const { IncludedTagKeys, ExcludedTagKeys } = input.ActionConfiguration?.AlarmTagsPropagation ?? {};
  if (IncludedTagKeys && ExcludedTagKeys)
    invalid("You can't specify both IncludedTagKeys and ExcludedTagKeys");
  return {
    description: input.AlarmDescription,
    actionsEnabled: input.ActionsEnabled ?? true,
    actions: {
      OK: actionArns("OKActions", input.OKActions),
      ALARM: actionArns("AlarmActions", input.AlarmActions),
      INSUFFICIENT_DATA: actionArns("InsufficientDataActions", input.InsufficientDataActions),
    } satisfies Record<StateName, readonly string[]>,
    actionConfiguration: input.ActionConfiguration,
  };
}

function actionArns(member: string, arns: readonly string[] = []): readonly string[] {
  if (arns.length > 5) invalid(`${member} takes at most five actions`);
  for (const arn of arns) {
    if (!/^arn:aws[^:]*:sns:[^:]+:\d{12}:[\w-]+$/.test(arn)) {
      invalid(`${member} ${arn} is not an SNS topic; the simulated region models no other alarm action`);
    }
  }
  return arns;
}

function isComparison(text: string | undefined): text is Comparison {
  return text !== undefined && comparisons.includes(text);
}

function isTreatment(text: string): text is TreatMissingData {
  return treatments.includes(text);
}

function invalid(message: string): never {
  throw new AwsError("ValidationError", message);
}
