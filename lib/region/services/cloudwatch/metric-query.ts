import type { MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../service-model.ts";
import type { Distribution } from "./distribution.ts";
import type { Expression } from "./expression.ts";
import { evaluateExpression } from "./expression-evaluator.ts";
import { parseExpression } from "./expression-parser.ts";
import { type SeriesValue, seriesOf, type Value } from "./expression-value.ts";
import { dimensionRecord, type MetricId } from "./metric-id.ts";
import type { MetricStore } from "./metric-store.ts";
import { type Statistic, statisticNamed } from "./statistic.ts";

export interface MetricStatQuery {
  readonly kind: "metric";
  readonly id: string;
  readonly label?: string | undefined;
  readonly returnData: boolean;
  readonly metric: MetricId;
  readonly statistic: Statistic;
  readonly unit?: string | undefined;
}

interface ExpressionQuery {
  readonly kind: "expression";
  readonly id: string;
  readonly label?: string | undefined;
  readonly returnData: boolean;
  readonly text: string;
  readonly expression: Expression;
}

export type MetricQuery = MetricStatQuery | ExpressionQuery;

/** Equal periods one after the other, oldest first. */
export interface Grid {
  /** Epoch milliseconds of the first period's start. */
  readonly start: number;
  readonly periodSeconds: number;
  readonly length: number;
}

/** Metrics and expressions that refer to one another by id, all with the same period. */
export class MetricQueries {
  readonly all: readonly MetricQuery[];
  readonly periodSeconds: number;

  constructor(all: readonly MetricQuery[], periodSeconds: number) {
    this.all = all;
    this.periodSeconds = periodSeconds;
  }

  /** Reads the `MetricDataQueries` of GetMetricData or the `Metrics` of PutMetricAlarm. */
  static parse(shapes: readonly MetricDataQuery[]): MetricQueries {
    const all = shapes.map(readQuery);
    const ids = new Set(all.map(({ id }) => id));
    if (ids.size < all.length) invalid("The values for parameter Id in MetricDataQueries are not unique.");
    const stated = shapes.flatMap(({ Period, MetricStat }) => [Period, MetricStat?.Period]);
    const periods = [...new Set(stated.filter((period) => period !== undefined))];
    const [periodSeconds, other] = periods;
    if (periodSeconds === undefined) return invalid("Period must not be null");
    if (other !== undefined) {
      invalid(
        `The simulated region evaluates metrics of one period together, not of ${periods.join(" and ")} s.`,
      );
    }
    return new MetricQueries(all, periodSeconds);
  }

  /** The value of one query over a grid. */
  evaluate(id: string, grid: Grid, store: MetricStore): Value {
    const known = new Map<string, Value>();
    const pending = new Set<string>();
    const metrics = this.all.filter((query) => query.kind === "metric");
    const reference = (wanted: string): Value => {
      const found = known.get(wanted);
      if (found) return found;
      const query = this.all.find((candidate) => candidate.id === wanted);
      if (!query) return invalid(`Undefined metric or expression id "${wanted}".`);
      if (pending.has(wanted)) return invalid(`The expression "${wanted}" refers to itself.`);
      pending.add(wanted);
      const value = query.kind === "metric" ? readSeries(query, grid, store) : compute(query);
      known.set(wanted, value);
      return value;
    };
    const compute = ({ expression }: ExpressionQuery): Value =>
      evaluateExpression(expression, {
        periodSeconds: grid.periodSeconds,
        reference,
        get metrics() {
          return metrics.map((query) => {
            const value = reference(query.id);
            return { id: query.id, series: value.kind === "series" ? value : seriesOf([]) };
          });
        },
      });
    return reference(id);
  }
}

/** The samples behind each period of a metric's series, oldest first. */
export function samplesOver(
  query: MetricStatQuery,
  grid: Grid,
  store: MetricStore,
): (Distribution | undefined)[] {
  const periodMs = grid.periodSeconds * 1_000;
  return Array.from({ length: grid.length }, (_, index) => {
    const from = grid.start + index * periodMs;
    return store.read(query.metric, query.unit, { from, to: from + periodMs });
  });
}

/**
 * Periods that CloudWatch knows [PutMetricAlarm, Period; GetMetricData adds 1 and 5, for which nothing here
 * asks].
 */
export function checkPeriod(seconds: number): number {
  if ([10, 20, 30].includes(seconds) || (seconds > 0 && seconds % 60 === 0)) return seconds;
  return invalid(`Metric period list must contain only 10, 20, 30 or a multiple of 60, not ${seconds}.`);
}

function readSeries(query: MetricStatQuery, grid: Grid, store: MetricStore): SeriesValue {
  return seriesOf(samplesOver(query, grid, store).map((samples) => samples && query.statistic.of(samples)));
}

function readQuery({ Id, Label, ReturnData, MetricStat, Expression, Period }: MetricDataQuery): MetricQuery {
  if (!Id || !/^[a-z]\w{0,254}$/.test(Id))
    return invalid(`The value ${Id} for parameter Id is not matching [a-z]\\w*.`);
  const shared = { id: Id, label: Label, returnData: ReturnData ?? true };
  if ((MetricStat === undefined) === (Expression === undefined)) {
    return invalid(`Exactly one of MetricStat and Expression must be given for "${Id}".`);
  }
  if (Period !== undefined) checkPeriod(Period);
  if (Expression !== undefined) {
    return { ...shared, kind: "expression", text: Expression, expression: parseExpression(Expression) };
  }
  const { Namespace, MetricName, Dimensions } = MetricStat?.Metric ?? {};
  if (!Namespace || !MetricName) return invalid(`Namespace and MetricName are required for "${Id}".`);
  checkPeriod(MetricStat?.Period ?? 0);
  const metric = { namespace: Namespace, name: MetricName, dimensions: dimensionRecord(Dimensions) };
  return {
    ...shared,
    kind: "metric",
    metric,
    statistic: statisticNamed(MetricStat?.Stat ?? ""),
    unit: MetricStat?.Unit,
  };
}

function invalid(message: string): never {
  throw new AwsError("ValidationError", message);
}
