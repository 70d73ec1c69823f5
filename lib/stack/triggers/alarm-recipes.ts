import { Duration } from "aws-cdk-lib";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import type { Alarm } from "../../../lambdas/contracts/environment.ts";

const ONE_MINUTE = Duration.minutes(1);
const ELB = "AWS/ApplicationELB";

/** What an alarm watches: everything of an alarm but its name. */
export type Recipe = Omit<cloudwatch.AlarmProps, "alarmName">;

type RecipeOf<Name extends Alarm["recipe"]> = Extract<Alarm, { recipe: Name }>;

/** Fewer requests than this in a minute say nothing about an error rate. */
const LEAST_REQUESTS = 20;

/**
 * Error rate above a share of all requests (seed 002: > 50 % for 5 minutes), 5 of 6 so that one late datum does not pin
 * it. HTTPCode metrics exist only when non-zero, hence FILL; requests that reached no target are in the ELB's own 5xx,
 * so they belong into both parts of the fraction (docs/facts/frontend-secrets-config.md H.4).
 */
export function errorRate({
  loadBalancer,
  targetGroup,
  thresholdPercent,
  minutes,
}: RecipeOf<"error-rate">): Recipe {
  const target = { LoadBalancer: loadBalancer, ...(targetGroup ? { TargetGroup: targetGroup } : {}) };
  const sum = (metricName: string, dimensionsMap: Record<string, string>) =>
    new cloudwatch.Metric({
      namespace: ELB,
      metricName,
      dimensionsMap,
      statistic: "Sum",
      period: ONE_MINUTE,
    });
  const bad = "(FILL(t5,0)+FILL(e5,0))";
  const total = "(FILL(req,0)+FILL(e5,0))";
  return {
    metric: new cloudwatch.MathExpression({
      expression: `IF(${total}>=${LEAST_REQUESTS},100*${bad}/${total},0)`,
      label: "Error rate (%)",
      period: ONE_MINUTE,
      usingMetrics: {
        t5: sum("HTTPCode_Target_5XX_Count", target),
        e5: sum("HTTPCode_ELB_5XX_Count", { LoadBalancer: loadBalancer }),
        req: sum("RequestCount", target),
      },
    }),
    threshold: thresholdPercent,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: minutes + 1,
    datapointsToAlarm: minutes,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription: `More than ${thresholdPercent} % of requests failed for ${minutes} minutes`,
  };
}

/**
 * No healthy target (seed 002: unavailable > 5 minutes); silence counts as unavailable (facts H.1). Of two groups
 * the better one counts: one is not in use, and with it the old tasks while a deployment keeps them. Unverified whether an
 * unused group has this metric, and whether FILL makes zeros of one that has no data at all: of an array MAX is the other
 * one in either case, where a sum would be missing and breach.
 */
export function unavailable(alarm: RecipeOf<"unavailable">): Recipe {
  const { loadBalancer, targetGroup, alternateTargetGroup, minutes } = alarm;
  const healthy = (group: string) =>
    new cloudwatch.Metric({
      namespace: ELB,
      metricName: "HealthyHostCount",
      dimensionsMap: { LoadBalancer: loadBalancer, TargetGroup: group },
      statistic: "Maximum",
      period: ONE_MINUTE,
    });
  const inEither = (alternate: string) =>
    new cloudwatch.MathExpression({
      expression: "MAX([FILL(one,0),FILL(other,0)])",
      label: "Healthy targets in either group",
      period: ONE_MINUTE,
      usingMetrics: { one: healthy(targetGroup), other: healthy(alternate) },
    });
  return {
    metric: alternateTargetGroup ? inEither(alternateTargetGroup) : healthy(targetGroup),
    threshold: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: minutes,
    treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    alarmDescription: `No healthy target for ${minutes} minutes`,
  };
}

/** p95 half as long again as in a good hour (seed 001: degradation > 50 %); needs traffic to say anything (facts H.5a). */
export function latency({ loadBalancer, targetGroup, baselineSeconds }: RecipeOf<"latency">): Recipe {
  return {
    metric: new cloudwatch.Metric({
      namespace: ELB,
      metricName: "TargetResponseTime",
      dimensionsMap: { LoadBalancer: loadBalancer, ...(targetGroup ? { TargetGroup: targetGroup } : {}) },
      statistic: "p95",
      period: ONE_MINUTE,
    }),
    // Milliseconds are as fine as the metric is; 1.5 * 0.3 alone would print as 0.44999999999999996.
    threshold: Math.round(1_500 * baselineSeconds) / 1_000,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 10,
    datapointsToAlarm: 8,
    evaluateLowSampleCountPercentile: "ignore",
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription: `p95 latency above 1.5 times the baseline of ${baselineSeconds} s`,
  };
}

/** The worst task's memory (seed 002: > 90 % for 10 minutes; facts H.3: Maximum is the worst task). */
export function memory(alarm: RecipeOf<"memory">, service: EcsNames): Recipe {
  return {
    metric: new cloudwatch.Metric({
      namespace: "AWS/ECS",
      metricName: "MemoryUtilization",
      dimensionsMap: { ClusterName: service.cluster, ServiceName: service.service },
      statistic: "Maximum",
      period: ONE_MINUTE,
    }),
    threshold: alarm.thresholdPercent,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: alarm.minutes,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription: `Memory above ${alarm.thresholdPercent} % for ${alarm.minutes} minutes`,
  };
}

/** Fewer tasks than wanted, from Container Insights (facts H.6). No data at all breaches: zero tasks publish nothing. */
export function runningBelowDesired(alarm: RecipeOf<"running-below-desired">, service: EcsNames): Recipe {
  const count = (metricName: string) =>
    new cloudwatch.Metric({
      namespace: "ECS/ContainerInsights",
      metricName,
      dimensionsMap: { ClusterName: service.cluster, ServiceName: service.service },
      statistic: "Average",
      period: ONE_MINUTE,
    });
  return {
    metric: new cloudwatch.MathExpression({
      expression: "desired-running",
      label: "Missing tasks",
      period: ONE_MINUTE,
      usingMetrics: { desired: count("DesiredTaskCount"), running: count("RunningTaskCount") },
    }),
    threshold: 0,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: alarm.minutes,
    treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    alarmDescription: `Fewer tasks running than desired for ${alarm.minutes} minutes`,
  };
}

/** ECS said that tasks cannot start: the startup-failure rule was invoked. */
export function startupFailure(ruleName: string): Recipe {
  return {
    metric: new cloudwatch.Metric({
      namespace: "AWS/Events",
      metricName: "Invocations",
      dimensionsMap: { RuleName: ruleName },
      statistic: "Sum",
      period: ONE_MINUTE,
    }),
    threshold: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    alarmDescription: "ECS cannot start tasks of a component",
  };
}

export interface EcsNames {
  readonly cluster: string;
  readonly service: string;
}
