import { AwsError } from "../../service-model.ts";
import type { BinaryOperator } from "./expression.ts";

/** One value per period of the grid, oldest first; undefined where the series has no datapoint. */
export type Values = readonly (number | undefined)[];

export interface SeriesValue {
  readonly kind: "series";
  readonly values: Values;
}

/**
 * What an expression comes to: S, TS and TS[] in the words of the guide. A scalar over no data at all is
 * undefined.
 */
export type Value =
  | { readonly kind: "scalar"; readonly value: number | undefined }
  | SeriesValue
  | { readonly kind: "list"; readonly items: readonly SeriesValue[] };

export function seriesOf(values: Values): SeriesValue {
  return { kind: "series", values };
}

/** Applies `change` to a series, or to each series of an array; a scalar is refused. */
export function mapSeries(value: Value, name: string, change: (values: Values) => Values): Value {
  if (value.kind === "scalar") return refuse(`${name} needs a time series`);
  if (value.kind === "series") return seriesOf(change(value.values));
  return { kind: "list", items: value.items.map(({ values }) => seriesOf(change(values))) };
}

const calculations: Readonly<Record<BinaryOperator, (left: number, right: number) => number>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "^": (left, right) => left ** right,
  "==": (left, right) => Number(left === right),
  "!=": (left, right) => Number(left !== right),
  "<=": (left, right) => Number(left <= right),
  ">=": (left, right) => Number(left >= right),
  "<": (left, right) => Number(left < right),
  ">": (left, right) => Number(left > right),
  AND: (left, right) => Number(left !== 0 && right !== 0),
  OR: (left, right) => Number(left !== 0 || right !== 0),
};

/**
 * Arithmetic, comparison and logic.
 *
 * Between two series a value that only one of them lacks counts as 0; a division by zero drops the datapoint
 * [CloudWatch user guide, "Basic arithmetic functions", "Comparison and logical operators"]. Between a series
 * and a scalar there is a datapoint where the series has one. Arrays combine with a series or a scalar, not
 * with each other.
 */
export function combine(operator: BinaryOperator, left: Value, right: Value): Value {
  if (left.kind === "list" || right.kind === "list") return combineList(operator, left, right);
  if (left.kind === "scalar" && right.kind === "scalar") {
    const known = left.value !== undefined && right.value !== undefined;
    return { kind: "scalar", value: known ? calculate(operator, left.value, right.value) : undefined };
  }
  const length =
    left.kind === "series" ? left.values.length : right.kind === "series" ? right.values.length : 0;
  return seriesOf(
    Array.from({ length }, (_, index) => {
      const [a, b] = [at(left, index), at(right, index)];
      if (left.kind === "scalar" || right.kind === "scalar") {
        return a === undefined || b === undefined ? undefined : calculate(operator, a, b);
      }
      return a === undefined && b === undefined ? undefined : calculate(operator, a ?? 0, b ?? 0);
    }),
  );
}

/** The value of a series in one period; a scalar has it in every period. */
export function at(value: Exclude<Value, { kind: "list" }>, index: number): number | undefined {
  return value.kind === "scalar" ? value.value : value.values[index];
}

export function refuse(problem: string): never {
  throw new AwsError("ValidationError", `Error in expression: ${problem}.`);
}

function combineList(operator: BinaryOperator, left: Value, right: Value): Value {
  const arithmetic = "+-*/^".includes(operator);
  if (!arithmetic) return refuse(`${operator} does not work on arrays of time series`);
  if (left.kind === "list" && right.kind === "list")
    return refuse(`${operator} between two arrays of time series`);
  const items = left.kind === "list" ? left.items : right.kind === "list" ? right.items : [];
  const each = items.map((item) =>
    left.kind === "list" ? combine(operator, item, right) : combine(operator, left, item),
  );
  return { kind: "list", items: each.filter((value) => value.kind === "series") };
}

function calculate(operator: BinaryOperator, left: number, right: number): number | undefined {
  const result = calculations[operator](left, right);
  return Number.isFinite(result) ? result : undefined;
}
