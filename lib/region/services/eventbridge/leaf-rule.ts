/** What a JSON document has at its leaves. */
export type Leaf = string | number | boolean | null;

/** One entry of a pattern's array: a test of a leaf's value, or of whether the field is there at all. */
export type LeafRule =
  | { readonly kind: "value"; readonly matches: (leaf: Leaf) => boolean }
  | { readonly kind: "exists"; readonly expected: boolean };

/** A pattern that AWS refuses; the text is the reason, each service wraps it in its own error. */
export class PatternError extends Error {
  override readonly name = "PatternError";
}

/**
 * Compiles one entry of a pattern array, as EventBridge rules and SNS filter policies share them.
 *
 * Source: EventBridge user guide, "Comparison operators for use in event patterns", and the README of AWS's
 * own matcher, github.com/aws/event-ruler. `cidr` is not modelled and refused.
 */
export function compileLeafRule(rule: unknown): LeafRule {
  if (!isRecord(rule)) return valueRule(equalTo(literal(rule)));
  const [operator, argument, ...others] = Object.entries(rule).flat();
  if (typeof operator !== "string" || others.length > 0) {
    throw new PatternError("Only one key allowed in match expression");
  }
  if (operator === "exists") {
    if (typeof argument !== "boolean") {
      throw new PatternError("exists match pattern must be either true or false.");
    }
    return { kind: "exists", expected: argument };
  }
  if (operator === "anything-but") return valueRule(anythingBut(argument));
  if (operator === "numeric") return valueRule(numeric(argument));
  return valueRule(textOperator(operator, argument));
}

/** Every leaf that a pattern entry of this form would match exactly. */
function equalTo(expected: Leaf): (leaf: Leaf) => boolean {
  return (leaf) => leaf === expected;
}

function valueRule(matches: (leaf: Leaf) => boolean): LeafRule {
  return { kind: "value", matches };
}

function textOperator(operator: string, argument: unknown): (leaf: Leaf) => boolean {
  const fold = operator !== "equals-ignore-case" && isRecord(argument) && "equals-ignore-case" in argument;
  const text = fold ? argument["equals-ignore-case"] : argument;
  if (fold && operator !== "prefix" && operator !== "suffix") {
    throw new PatternError(`${operator} match pattern must be a string`);
  }
  if (typeof text !== "string") {
    if (isTextOperator(operator)) throw new PatternError(`${operator} match pattern must be a string`);
    throw new PatternError(`Unrecognized match type ${operator}`);
  }
  const test = textTest(operator, fold ? text.toLowerCase() : text);
  return (leaf) => typeof leaf === "string" && test(fold ? leaf.toLowerCase() : leaf);
}

const TEXT_OPERATORS = ["prefix", "suffix", "equals-ignore-case", "wildcard"];

function isTextOperator(operator: string): boolean {
  return TEXT_OPERATORS.includes(operator);
}

function textTest(operator: string, text: string): (value: string) => boolean {
  switch (operator) {
    case "prefix":
      return (value) => value.startsWith(text);
    case "suffix":
      return (value) => value.endsWith(text);
    case "equals-ignore-case": {
      const folded = text.toLowerCase();
      return (value) => value.toLowerCase() === folded;
    }
    case "wildcard": {
      const expression = wildcardExpression(text);
      return (value) => expression.test(value);
    }
    case "cidr":
      throw new PatternError("the simulated region does not model cidr matching");
    default:
      throw new PatternError(`Unrecognized match type ${operator}`);
  }
}

/**
 * A backslash escapes an asterisk or a backslash and nothing else; two asterisks in a row are refused
 * (event-ruler).
 */
function wildcardExpression(text: string): RegExp {
  let source = "";
  for (let index = 0; index < text.length; index++) {
    const [character, next] = [text.charAt(index), text.charAt(index + 1)];
    if (character === "*") {
      if (next === "*") throw new PatternError("Consecutive wildcard characters at pos ".concat(`${index}`));
      source += ".*";
    } else if (character === "\\") {
      if (next !== "*" && next !== "\\") throw new PatternError(`Invalid escape character at pos ${index}`);
      source += `\\${next}`;
      index++;
    } else {
      source += character.replace(/[.+?^${}()|[\]/]/, "\\$&");
    }
  }
  return new RegExp(`^${source}$`, "su");
}

/** Strings, numbers, a list of one of the two kinds, or a text operator with one or several texts. */
function anythingBut(argument: unknown): (leaf: Leaf) => boolean {
  if (isRecord(argument)) {
    const [operator, texts, ...others] = Object.entries(argument).flat();
    if (typeof operator !== "string" || others.length > 0 || !isTextOperator(operator)) {
      throw new PatternError(`Unsupported anything-but pattern: ${String(operator)}`);
    }
    const tests = listOf(texts).map((text) => textOperator(operator, text));
    return (leaf) => !tests.some((test) => test(leaf));
  }
  const values = listOf(argument);
  const kinds = new Set(values.map((value) => typeof value));
  if (values.length === 0 || kinds.size > 1 || !(kinds.has("string") || kinds.has("number"))) {
    throw new PatternError(
      "Inside anything but list, either all values are number or string, mixed type is not supported",
    );
  }
  return (leaf) => !values.includes(leaf);
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  "=": (value, bound) => value === bound,
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

/** The range that event-ruler's documentation gives for numeric matching. */
const NUMERIC_LIMIT = 5e9;

function numeric(argument: unknown): (leaf: Leaf) => boolean {
  const parts = Array.isArray(argument) ? argument : [];
  if (parts.length !== 2 && parts.length !== 4) throw new PatternError("Value of numeric must be an array.");
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const [operator, bound] = [parts[index], parts[index + 1]];
    const compare = typeof operator === "string" ? COMPARISONS[operator] : undefined;
    if (!compare) throw new PatternError(`Unrecognized numeric range operator: ${String(operator)}`);
    if (typeof bound !== "number") throw new PatternError(`Value of ${String(operator)} must be numeric`);
    if (Math.abs(bound) > NUMERIC_LIMIT) {
      throw new PatternError(`Value must be between -5.0E9 and 5.0E9, inclusive`);
    }
    tests.push((value) => compare(value, bound));
  }
  if (parts.length === 4 && !(String(parts[0]).startsWith(">") && String(parts[2]).startsWith("<"))) {
    throw new PatternError(`Bad numeric range operator: ${String(parts[2])}`);
  }
  return (leaf) => typeof leaf === "number" && tests.every((test) => test(leaf));
}

function literal(value: unknown): Leaf {
  if (
    value === null ||
    typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "boolean"
  ) {
    return value;
  }
  throw new PatternError("Match value must be String, number, true, false, or null");
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
