import type { Expression, FunctionName } from "./expression.ts";
import {
  at,
  combine,
  mapSeries,
  refuse,
  type SeriesValue,
  seriesOf,
  type Value,
  type Values,
} from "./expression-value.ts";

/** What an expression may refer to. */
interface Scope {
  readonly periodSeconds: number;
  /** The value of a metric or another expression; refuses an unknown id. */
  readonly reference: (id: string) => Value;
  /** The metrics of the request, not its expressions [user guide, "The METRICS() function"]. */
  readonly metrics: readonly { readonly id: string; readonly series: SeriesValue }[];
}

/**
 * Computes an expression over the grid that the scope's series share. What the types do not allow is
 * `ValidationError`.
 */
export function evaluateExpression(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case "number":
      return { kind: "scalar", value: expression.value };
    case "reference":
      return scope.reference(expression.id);
    case "metrics": {
      const chosen = scope.metrics.filter(({ id }) => id.includes(expression.containing));
      return { kind: "list", items: chosen.map(({ series }) => series) };
    }
    case "array":
      return arrayOf(expression.items.map((item) => evaluateExpression(item, scope)));
    case "negation":
      return combine("*", evaluateExpression(expression.operand, scope), { kind: "scalar", value: -1 });
    case "binary": {
      const left = evaluateExpression(expression.left, scope);
      return combine(expression.operator, left, evaluateExpression(expression.right, scope));
    }
    case "fill":
      return evaluateFill(expression.series, expression.filler, scope);
    case "call":
      return evaluateCall(expression.name, expression.operands, scope);
  }
}

function arrayOf(values: readonly Value[]): Value {
  return {
    kind: "list",
    items: values.flatMap((value) => {
      if (value.kind === "scalar") return refuse("an array holds time series");
      return value.kind === "list" ? value.items : [value];
    }),
  };
}

function evaluateCall(name: FunctionName, operands: readonly Expression[], scope: Scope): Value {
  const [first, second, third] = operands.map((operand) => evaluateExpression(operand, scope));
  if (!first) return refuse(`${name} needs an argument`);
  switch (name) {
    case "IF":
      return second ? choose(first, second, third) : refuse("IF needs a value");
    case "SUM":
    case "AVG":
    case "MIN":
    case "MAX":
      return aggregate(name, first);
    case "ABS":
      return mapSeries(first, name, (values) => values.map((value) => value && Math.abs(value)));
    case "CEIL":
      return mapSeries(first, name, (values) => values.map((value) => value && Math.ceil(value)));
    case "FLOOR":
      return mapSeries(first, name, (values) => values.map((value) => value && Math.floor(value)));
    case "DIFF":
      return mapSeries(first, name, (values) => differences(values, () => 1));
    case "RATE":
      return mapSeries(first, name, (values) =>
        differences(values, (periods) => periods * scope.periodSeconds),
      );
    case "PERIOD": {
      const metric = operands[0]?.kind === "reference" ? operands[0].id : undefined;
      if (!scope.metrics.some(({ id }) => id === metric)) return refuse("PERIOD needs the id of a metric");
      return { kind: "scalar", value: scope.periodSeconds };
    }
  }
}

/**
 * The difference to the preceding datapoint, however far back, divided by what `divisor` makes of the
 * distance in periods.
 */
function differences(values: Values, divisor: (periods: number) => number): Values {
  let previous: { readonly index: number; readonly value: number } | undefined;
  return values.map((value, index) => {
    if (value === undefined) return undefined;
    const before = previous;
    previous = { index, value };
    return before && (value - before.value) / divisor(index - before.index);
  });
}

const reductions = {
  SUM: (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0),
  AVG: (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length,
  MIN: (numbers: readonly number[]) => Math.min(...numbers),
  MAX: (numbers: readonly number[]) => Math.max(...numbers),
} as const;

/**
 * One series comes to a scalar over its datapoints, an array to a series. In an array AVG takes missing
 * values for 0 [user guide]; that MIN and MAX pass over them is unverified.
 */
function aggregate(name: keyof typeof reductions, value: Value): Value {
  if (value.kind === "scalar") return refuse(`${name} needs time series`);
  if (value.kind === "series") {
    const present = value.values.filter((number) => number !== undefined);
    return { kind: "scalar", value: present.length === 0 ? undefined : reductions[name](present) };
  }
  const length = Math.max(0, ...value.items.map(({ values }) => values.length));
  return seriesOf(
    Array.from({ length }, (_, index) => {
      const column = value.items.map(({ values }) => values[index]);
      const present = column.filter((number) => number !== undefined);
      if (present.length === 0) return undefined;
      return reductions[name](name === "AVG" ? column.map((number) => number ?? 0) : present);
    }),
  );
}

/**
 * IF: no datapoint of the condition, no datapoint; true over a missing second argument is 0; false over a
 * missing or omitted third argument drops the datapoint [user guide, "Using IF expressions"].
 */
function choose(condition: Value, positive: Value, negative: Value | undefined): Value {
  if (condition.kind === "list" || positive.kind === "list" || negative?.kind === "list") {
    return refuse("IF does not take arrays of time series");
  }
  const length = [condition, positive, negative].find((value) => value?.kind === "series")?.values.length;
  if (length === undefined) return refuse("IF needs a time series");
  return seriesOf(
    Array.from({ length }, (_, index) => {
      const test = at(condition, index);
      if (test === undefined) return undefined;
      if (test === 0) return negative && at(negative, index);
      return at(positive, index) ?? (condition.kind === "scalar" ? undefined : 0);
    }),
  );
}

function evaluateFill(series: Expression, filler: Expression | "REPEAT" | "LINEAR", scope: Scope): Value {
  const value = evaluateExpression(series, scope);
  if (filler === "REPEAT") {
    return mapSeries(value, "FILL", (values) => {
      let last: number | undefined;
      return values.map((number) => {
        last = number ?? last;
        return last;
      });
    });
  }
  if (filler === "LINEAR") return mapSeries(value, "FILL", interpolate);
  const substitute = evaluateExpression(filler, scope);
  if (substitute.kind === "list") return refuse("FILL takes a number or one time series to fill with");
  return mapSeries(value, "FILL", (values) => values.map((number, index) => number ?? at(substitute, index)));
}

/**
 * Straight lines across the gaps; before the first and after the last datapoint there is nothing to draw
 * between.
 */
function interpolate(values: Values): Values {
  const present = values.flatMap((value, index) => (value === undefined ? [] : [{ index, value }]));
  return values.map((value, index) => {
    if (value !== undefined) return value;
    const before = present.findLast((point) => point.index < index);
    const after = present.find((point) => point.index > index);
    if (!before || !after) return undefined;
    const share = (index - before.index) / (after.index - before.index);
    return before.value + share * (after.value - before.value);
  });
}
