import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import type { Kernel } from "../../kernel/kernel.ts";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import { seriesOf, type Value } from "./expression-value.ts";
import { samplesFrom } from "./metric-datum.ts";
import { dimensionList, dimensionRecord } from "./metric-id.ts";
import { checkPeriod, type Grid, MetricQueries, type MetricStatQuery, samplesOver } from "./metric-query.ts";
import type { MetricStore } from "./metric-store.ts";
import { page } from "./page.ts";
import { type Statistic, statisticNamed } from "./statistic.ts";

/**
 * Declares the operations on metric data. Samples are readable at once; AWS may take minutes to list a new
 * metric and hours to serve old timestamps [PutMetricData], which is not modelled.
 */
export function addMetricOperations(model: ServiceModel, store: MetricStore, kernel: Kernel): void {
  const anywhere = (action: string) => [{ action: `cloudwatch:${action}`, resource: "*" }];
  model
    .on(cloudwatch.PutMetricDataCommand, {
      accepts: ["Namespace", "MetricData"],
      authorize: ({ Namespace = "" }) => [
        {
          action: "cloudwatch:PutMetricData",
          resource: "*",
          context: { "cloudwatch:namespace": Namespace },
        },
      ],
      handle: (input) => {
        for (const sample of samplesFrom(input, kernel.now)) store.put(sample);
        return {};
      },
    })
    .on(cloudwatch.GetMetricDataCommand, {
      accepts: [
        ...["Id", "MetricStat", "Expression", "Label", "ReturnData", "Period"].map(
          (member) => `MetricDataQueries.${member}`,
        ),
        ...["StartTime", "EndTime", "ScanBy"],
      ],
      authorize: () => anywhere("GetMetricData"),
      handle: (input) => getMetricData(store, input),
    })
    .on(cloudwatch.GetMetricStatisticsCommand, {
      accepts: [
        ...["Namespace", "MetricName", "Dimensions", "StartTime", "EndTime", "Period", "Statistics"],
        ...["ExtendedStatistics", "Unit"],
      ],
      authorize: () => anywhere("GetMetricStatistics"),
      handle: (input) => getMetricStatistics(store, input),
    })
    .on(cloudwatch.ListMetricsCommand, {
      accepts: ["Namespace", "MetricName", "Dimensions", "RecentlyActive", "NextToken"],
      authorize: () => anywhere("ListMetrics"),
      handle: (input) => listMetrics(store, kernel, input),
    });
}

function getMetricData(store: MetricStore, input: cloudwatch.GetMetricDataInput) {
  const queries = MetricQueries.parse(input.MetricDataQueries ?? []);
  const grid = gridOf(store, input.StartTime, input.EndTime, queries.periodSeconds);
  // [GetMetricData: "a total of as many as 100,800 data points"]
  if (grid.length * queries.all.length > 100_800)
    invalid("The request asks for more than 100,800 datapoints");
  const results = queries.all
    .filter(({ returnData }) => returnData)
    .flatMap((query) => {
      const label = query.label ?? (query.kind === "metric" ? query.metric.name : query.id);
      return seriesIn(queries.evaluate(query.id, grid, store), query.id).map((values) => {
        const points = values.flatMap((value, index) =>
          value === undefined ? [] : [{ at: timeAt(grid, index), value }],
        );
        // Newest first unless asked otherwise [GetMetricData, ScanBy].
        if (input.ScanBy !== "TimestampAscending") points.reverse();
        return {
          Id: query.id,
          Label: label,
          Timestamps: points.map(({ at }) => at),
          Values: points.map(({ value }) => value),
          StatusCode: cloudwatch.StatusCode.COMPLETE,
        };
      });
    });
  return { MetricDataResults: results, Messages: [] };
}

function getMetricStatistics(store: MetricStore, input: cloudwatch.GetMetricStatisticsInput) {
  const {
    Namespace = "",
    MetricName = "",
    Dimensions,
    Statistics = [],
    ExtendedStatistics = [],
    Unit,
  } = input;
  const statistics = Statistics.map(statisticNamed);
  const extended = ExtendedStatistics.map(statisticNamed);
  const [first] = [...statistics, ...extended];
  if (!first) return invalid("At least one of Statistics and ExtendedStatistics must be specified");
  const grid = gridOf(store, input.StartTime, input.EndTime, checkPeriod(input.Period ?? 0));
  if (grid.length > 1_440) invalid("You have requested up to 1,440 datapoints at most; use a longer period");
  const metric = { namespace: Namespace, name: MetricName, dimensions: dimensionRecord(Dimensions) };
  const query: MetricStatQuery = {
    kind: "metric",
    id: "m",
    returnData: true,
    metric,
    statistic: first,
    unit: Unit,
  };
  const datapoints = samplesOver(query, grid, store).flatMap((samples, index) => {
    if (!samples) return [];
    const valuesOf = (asked: readonly Statistic[]) =>
      Object.fromEntries(asked.map(({ name, of }) => [name, of(samples)]));
    const known = Object.entries(valuesOf(extended)).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    );
    return [
      {
        Timestamp: timeAt(grid, index),
        ...valuesOf(statistics),
        ...(Unit === undefined ? {} : { Unit }),
        ...(extended.length > 0 ? { ExtendedStatistics: Object.fromEntries(known) } : {}),
      },
    ];
  });
  return { Label: MetricName, Datapoints: datapoints };
}

function listMetrics(store: MetricStore, kernel: Kernel, input: cloudwatch.ListMetricsInput) {
  const since = input.RecentlyActive === undefined ? Number.NEGATIVE_INFINITY : kernel.now - 3 * 3_600_000;
  const found = [...store.metrics()].filter(
    ({ namespace, name, dimensions, newest }) =>
      (input.Namespace === undefined || input.Namespace === namespace) &&
      (input.MetricName === undefined || input.MetricName === name) &&
      (input.Dimensions ?? []).every(({ Name = "", Value }) =>
        Value === undefined ? Name in dimensions : dimensions[Name] === Value,
      ) &&
      newest >= since,
  );
  const { items, ...next } = page(found, { size: 500, token: input.NextToken });
  const Metrics = items.map(({ namespace, name, dimensions }) => ({
    Namespace: namespace,
    MetricName: name,
    Dimensions: dimensionList(dimensions),
  }));
  return { Metrics, ...next };
}

/**
 * The periods of a request: from the start time rounded down to a minute, or below a minute to the period
 * [GetMetricData, StartTime], to those that begin before the end time.
 */
function gridOf(
  store: MetricStore,
  from: Date | undefined,
  to: Date | undefined,
  periodSeconds: number,
): Grid {
  if (!from || !to || from >= to) return invalid("StartTime must be less than EndTime");
  const roundMs = Math.min(periodSeconds, 60) * 1_000;
  const start = Math.floor(from.getTime() / roundMs) * roundMs;
  if (start < store.forgotUntil) {
    const kept = new Date(store.forgotUntil).toISOString();
    invalid(`The simulated region has forgotten metric data before ${kept}`);
  }
  return { start, periodSeconds, length: Math.ceil((to.getTime() - start) / (periodSeconds * 1_000)) };
}

function timeAt({ start, periodSeconds }: Grid, index: number): Date {
  return new Date(start + index * periodSeconds * 1_000);
}

function seriesIn(value: Value, id: string): readonly (readonly (number | undefined)[])[] {
  if (value.kind === "scalar") return invalid(`The expression ${id} must return a time series`);
  const all = value.kind === "list" ? value.items : [seriesOf(value.values)];
  return all.map(({ values }) => values);
}

function invalid(message: string): never {
  throw new AwsError("ValidationError", message);
}
