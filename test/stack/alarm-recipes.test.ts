import { describe, expect, it } from "vitest";
import { alarmName } from "../../lambdas/contracts/environment.ts";
import { assemblyOf } from "../support/assembly.ts";
import { makeEnvironment } from "../support/make-environment.ts";

const assembly = assemblyOf();
const target = {
  loadBalancer: { Name: "LoadBalancer", Value: "app/boardroom/50dc6c495c0c9188" },
  targetGroup: { Name: "TargetGroup", Value: "targetgroup/boardroom-api/6d0ecf831eec9f09" },
};
const service = [
  { Name: "ClusterName", Value: "boardroom" },
  { Name: "ServiceName", Value: "boardroom-api" },
];

/** Sources of the numbers: docs/facts/frontend-secrets-config.md H, by its numbers. */
describe("the alarm recipe", () => {
  it("error-rate: above 50 % of at least 20 requests a minute, 5 of 6, silence is fine (H.4)", () => {
    const alarm = alarmOf("api-errors");

    expect(alarm).toMatchObject({
      ComparisonOperator: "GreaterThanThreshold",
      Threshold: 50,
      EvaluationPeriods: 6,
      DatapointsToAlarm: 5,
      TreatMissingData: "notBreaching",
    });
    expect(metricsOf(alarm)).toEqual({
      expr_1: "IF((FILL(req,0)+FILL(e5,0))>=20,100*(FILL(t5,0)+FILL(e5,0))/(FILL(req,0)+FILL(e5,0)),0)",
      t5: [
        "AWS/ApplicationELB",
        "HTTPCode_Target_5XX_Count",
        "Sum",
        60,
        [target.loadBalancer, target.targetGroup],
      ],
      e5: ["AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", "Sum", 60, [target.loadBalancer]],
      req: ["AWS/ApplicationELB", "RequestCount", "Sum", 60, [target.loadBalancer, target.targetGroup]],
    });
  });

  it("unavailable: not one healthy target, 5 of 5, silence is the worst sign (H.1)", () => {
    expect(alarmOf("api-unavailable")).toMatchObject({
      Namespace: "AWS/ApplicationELB",
      MetricName: "HealthyHostCount",
      Dimensions: [target.loadBalancer, target.targetGroup],
      Statistic: "Maximum",
      Period: 60,
      ComparisonOperator: "LessThanThreshold",
      Threshold: 1,
      EvaluationPeriods: 5,
      TreatMissingData: "breaching",
    });
  });

  it("unavailable, of two target groups: not one healthy target in either, none counted where there is none", () => {
    const alternate = "targetgroup/boardroom-api-alt/0b1f2a3c4d5e6f70";
    const base = makeEnvironment();
    const alarms = base.alarms.map((alarm) =>
      alarm.recipe === "unavailable" ? { ...alarm, alternateTargetGroup: alternate } : alarm,
    );
    const alarm = alarmOf("api-unavailable", assemblyOf({ ...base, alarms }));
    const countIn = (group: { readonly Name: string; readonly Value: string }) => [
      ...["AWS/ApplicationELB", "HealthyHostCount", "Maximum", 60],
      [target.loadBalancer, group],
    ];

    expect(alarm).toMatchObject({ ComparisonOperator: "LessThanThreshold", Threshold: 1 });
    expect(metricsOf(alarm)).toEqual({
      expr_1: "MAX([FILL(one,0),FILL(other,0)])",
      one: countIn(target.targetGroup),
      other: countIn({ Name: "TargetGroup", Value: alternate }),
    });
  });

  it("latency: p95 half as long again as the baseline, 8 of 10, few samples say nothing (H.5a)", () => {
    const alarm = alarmOf("api-latency");

    expect(alarm).toMatchObject({
      Namespace: "AWS/ApplicationELB",
      MetricName: "TargetResponseTime",
      Dimensions: [target.loadBalancer, target.targetGroup],
      ExtendedStatistic: "p95",
      Period: 60,
      ComparisonOperator: "GreaterThanThreshold",
      EvaluationPeriods: 10,
      DatapointsToAlarm: 8,
      EvaluateLowSampleCountPercentile: "ignore",
      TreatMissingData: "notBreaching",
    });
    expect(alarm["Threshold"]).toBeCloseTo(0.45, 10);
  });

  it("memory: the worst task above 90 %, 10 of 10 (H.3)", () => {
    expect(alarmOf("api-memory")).toMatchObject({
      Namespace: "AWS/ECS",
      MetricName: "MemoryUtilization",
      Dimensions: service,
      Statistic: "Maximum",
      Period: 60,
      ComparisonOperator: "GreaterThanThreshold",
      Threshold: 90,
      EvaluationPeriods: 10,
      TreatMissingData: "notBreaching",
    });
  });

  it("running-below-desired: tasks are missing, 10 of 10, no data is no tasks (H.6)", () => {
    const alarm = alarmOf("api-tasks-missing");

    expect(alarm).toMatchObject({
      ComparisonOperator: "GreaterThanThreshold",
      Threshold: 0,
      EvaluationPeriods: 10,
      TreatMissingData: "breaching",
    });
    expect(metricsOf(alarm)).toEqual({
      expr_1: "desired-running",
      desired: ["ECS/ContainerInsights", "DesiredTaskCount", "Average", 60, service],
      running: ["ECS/ContainerInsights", "RunningTaskCount", "Average", 60, service],
    });
  });

  it("startup-failure: the rule that hears it from ECS was invoked once (H.7)", () => {
    const rule = assembly.one("AWS::Events::Rule", "AlarmsApiStartupRule");

    expect(alarmOf("api-startup")).toMatchObject({
      Namespace: "AWS/Events",
      MetricName: "Invocations",
      Dimensions: [{ Name: "RuleName", Value: rule.id }],
      Statistic: "Sum",
      Period: 60,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      Threshold: 1,
      EvaluationPeriods: 1,
      TreatMissingData: "notBreaching",
    });
    expect(rule.properties["EventPattern"]).toEqual({
      source: ["aws.ecs"],
      "detail-type": ["ECS Service Action"],
      resources: ["arn:aws:ecs:eu-west-1:111122223333:service/boardroom/boardroom-api"],
      detail: {
        eventName: [
          "SERVICE_TASK_START_IMPAIRED",
          "SERVICE_TASK_PLACEMENT_FAILURE",
          "SERVICE_TASK_CONFIGURATION_FAILURE",
        ],
      },
    });
  });

  it("carries the thresholds and minutes that the environment gives", () => {
    const { components } = makeEnvironment();
    const [name] = Object.keys(components);
    const environment = makeEnvironment({
      alarms: [
        { recipe: "memory", name: "tight", components: [String(name)], thresholdPercent: 70, minutes: 3 },
      ],
    });

    const [alarm] = assemblyOf(environment)
      .of("AWS::CloudWatch::Alarm")
      .filter(({ properties }) => properties["AlarmName"] === "stepback-example-tight");

    expect(alarm?.properties).toMatchObject({ Threshold: 70, EvaluationPeriods: 3 });
  });

  it.each(["memory", "running-below-desired"] as const)(
    "%s refuses to watch two services as one",
    (recipe) => {
      const environment = makeEnvironment({ alarms: [{ recipe, name: "both", components: ["api", "web"] }] });

      expect(() => assemblyOf(environment)).toThrow(/"both".*exactly one/);
    },
  );
});

describe("the rollback alarms", () => {
  it("are all there, act through EventBridge alone, and say what is wrong", () => {
    const environment = makeEnvironment();
    const alarms = assembly.of("AWS::CloudWatch::Alarm").filter(({ id }) => id.startsWith("Alarms"));

    expect(alarms.map(({ properties }) => properties["AlarmName"])).toEqual(
      environment.alarms.map((alarm) => alarmName(environment, alarm)),
    );
    for (const { properties } of alarms) {
      expect(properties).not.toHaveProperty("AlarmActions");
      expect(properties["AlarmDescription"]).toMatch(/\w+ \w+/);
    }
  });
});

function alarmOf(name: string, of = assembly): Readonly<Record<string, unknown>> {
  const alarm = of
    .of("AWS::CloudWatch::Alarm")
    .find(({ properties }) => properties["AlarmName"] === `stepback-example-${name}`);
  if (!alarm) throw new Error(`There is no alarm ${name}`);
  return alarm.properties;
}

/** By id: an expression, or namespace, name, statistic, period and dimensions. Only the expression is returned. */
function metricsOf(alarm: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const metrics: readonly unknown[] = Array.isArray(alarm["Metrics"]) ? alarm["Metrics"] : [];
  return Object.fromEntries(
    metrics.map(Object).map(({ Id, Expression, MetricStat, ReturnData }) => {
      expect(ReturnData).toBe(Expression !== undefined);
      const { Metric, Period, Stat } = Object(MetricStat);
      return [Id, Expression ?? [Metric.Namespace, Metric.MetricName, Stat, Period, Metric.Dimensions]];
    }),
  );
}
