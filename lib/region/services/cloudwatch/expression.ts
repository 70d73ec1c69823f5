/** A metric math expression, read: what the evaluator walks. */
export type Expression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "reference"; readonly id: string }
  /** `METRICS()`, or `METRICS("5xx")` for the metrics whose id contains that text. */
  | { readonly kind: "metrics"; readonly containing: string }
  | { readonly kind: "array"; readonly items: readonly Expression[] }
  | { readonly kind: "negation"; readonly operand: Expression }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "fill"; readonly series: Expression; readonly filler: Expression | "REPEAT" | "LINEAR" }
  | { readonly kind: "call"; readonly name: FunctionName; readonly operands: readonly Expression[] };

export type BinaryOperator =
  | "+"
  | "-"
  | "*"
  | "/"
  | "^"
  | "=="
  | "!="
  | "<="
  | ">="
  | "<"
  | ">"
  | "AND"
  | "OR";

/**
 * The functions of metric math that the region models, besides `METRICS` and `FILL`, with their counts of
 * arguments.
 */
export const functionArity = {
  IF: [2, 3],
  SUM: [1, 1],
  AVG: [1, 1],
  MIN: [1, 1],
  MAX: [1, 1],
  ABS: [1, 1],
  CEIL: [1, 1],
  FLOOR: [1, 1],
  RATE: [1, 1],
  DIFF: [1, 1],
  PERIOD: [1, 1],
} as const;

export type FunctionName = keyof typeof functionArity;
