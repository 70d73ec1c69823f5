import type { PolicyStatement } from "../service-model.ts";
import type { RequestContext } from "./request-context.ts";
import { matchesArn, matchesWildcard } from "./wildcard.ts";

type Condition = NonNullable<PolicyStatement["Condition"]>;

/**
 * Whether a statement's Condition holds: every operator and every key in it must, and one of a key's values is enough.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export function conditionHolds(condition: Condition | undefined, context: RequestContext): boolean {
  return Object.entries(condition ?? {}).every(([name, keys]) => {
    const operator = parseOperator(name);
    return Object.entries(keys).every(([key, wanted]) => {
      const values = (Array.isArray(wanted) ? wanted : [wanted]).map(String);
      return keyHolds(operator, key, values, context.get(key.toLowerCase()));
    });
  });
}

/** An operator as a policy writes it: `ForAnyValue:StringLikeIfExists`. */
interface Operator {
  readonly set: "ForAnyValue" | "ForAllValues" | undefined;
  readonly ifExists: boolean;
  readonly compare: Comparison | "Null";
}

interface Comparison {
  readonly matches: (actual: string, wanted: string) => boolean;
  /** A negated operator holds when the value matches none of the wanted ones. */
  readonly negated: boolean;
}

/** Throws for an operator that the region does not know: guessing would let the wrong caller in. */
export function parseOperator(name: string): Operator {
  const [, set, base = "", ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const compare = base === "Null" && !set && !ifExists ? "Null" : comparisons[base];
  if (!compare) throw new Error(`The simulated IAM does not know the condition operator "${name}"`);
  const quantifier = set === "ForAnyValue" || set === "ForAllValues" ? set : undefined;
  return { set: quantifier, ifExists: ifExists !== undefined, compare };
}

function keyHolds(
  { set, ifExists, compare }: Operator,
  key: string,
  wanted: readonly string[],
  actual: readonly string[] | undefined,
): boolean {
  if (compare === "Null") return wanted.some((value) => (value === "true") === (actual === undefined));
  if (actual === undefined || actual.length === 0) {
    // A missing key satisfies …IfExists, ForAllValues and the negated operators, and nothing else.
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    return ifExists || set === "ForAllValues" || (compare.negated && set === undefined);
  }
  const holds = (value: string) => wanted.some((one) => compare.matches(value, one)) !== compare.negated;
  if (set === "ForAnyValue") return actual.some(holds);
  if (set === "ForAllValues") return actual.every(holds);
  const [only] = actual;
  if (only === undefined || actual.length > 1) {
    throw new Error(
      `The condition key ${key} has several values: its operator needs ForAnyValue or ForAllValues`,
    );
  }
  return holds(only);
}

function stringEquals(actual: string, wanted: string): boolean {
  return actual === wanted;
}

function equalsIgnoringCase(actual: string, wanted: string): boolean {
  return actual.toLowerCase() === wanted.toLowerCase();
}

function stringLike(actual: string, wanted: string): boolean {
  return matchesWildcard(wanted, actual);
}

function arnLike(actual: string, wanted: string): boolean {
  return matchesArn(wanted, actual);
}

function numeric(compare: (actual: number, wanted: number) => boolean): Comparison["matches"] {
  return (actual, wanted) => compare(Number(actual), Number(wanted));
}

/** Dates are ISO 8601 or epoch seconds. */
function dated(compare: (actual: number, wanted: number) => boolean): Comparison["matches"] {
  const moment = (text: string) => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));
  return (actual, wanted) => compare(moment(actual), moment(wanted));
}

const orders = {
  Equals: (actual: number, wanted: number) => actual === wanted,
  LessThan: (actual: number, wanted: number) => actual < wanted,
  LessThanEquals: (actual: number, wanted: number) => actual <= wanted,
  GreaterThan: (actual: number, wanted: number) => actual > wanted,
  GreaterThanEquals: (actual: number, wanted: number) => actual >= wanted,
};

const comparisons: Readonly<Record<string, Comparison>> = {
  StringEquals: { matches: stringEquals, negated: false },
  StringNotEquals: { matches: stringEquals, negated: true },
  StringEqualsIgnoreCase: { matches: equalsIgnoringCase, negated: false },
  StringNotEqualsIgnoreCase: { matches: equalsIgnoringCase, negated: true },
  StringLike: { matches: stringLike, negated: false },
  StringNotLike: { matches: stringLike, negated: true },
  // "ArnEquals and ArnLike behave identically": the same page as above, #Conditions_ARN.
  ArnEquals: { matches: arnLike, negated: false },
  ArnNotEquals: { matches: arnLike, negated: true },
  ArnLike: { matches: arnLike, negated: false },
  ArnNotLike: { matches: arnLike, negated: true },
  Bool: { matches: equalsIgnoringCase, negated: false },
  NumericNotEquals: { matches: numeric(orders.Equals), negated: true },
  DateNotEquals: { matches: dated(orders.Equals), negated: true },
  ...Object.fromEntries(
    Object.entries(orders).flatMap(([name, compare]) => [
      [`Numeric${name}`, { matches: numeric(compare), negated: false }],
      [`Date${name}`, { matches: dated(compare), negated: false }],
    ]),
  ),
};
