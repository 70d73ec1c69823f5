import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { type AttributeType, compareValues, isAttributeType, typeOf } from "./attribute-value.ts";
import type { Condition, Operand } from "./condition-parser.ts";
import { pathText } from "./document-path.ts";
import type { TokenStream } from "./token-stream.ts";

/**
 * Refuses what AWS refuses before it looks at any item: wrong numbers of operands, literals of impossible
 * types, an operand compared with itself, a range upside down. Texts: dynalite's suite, which was run against
 * AWS.
 */
export function checkCondition(condition: Condition, stream: TokenStream): void {
  switch (condition.kind) {
    case "compare":
      refuseSame(condition.comparator, condition.left, condition.right, stream);
      if (condition.comparator !== "=" && condition.comparator !== "<>") {
        for (const operand of [condition.left, condition.right]) {
          requireTypes(condition.comparator, operand, ORDERED, stream);
        }
      }
      break;
    case "between":
      for (const operand of [condition.operand, condition.low, condition.high]) {
        requireTypes("BETWEEN", operand, ORDERED, stream);
      }
      checkRange(condition.low, condition.high, stream);
      break;
    case "function":
      checkFunction(condition.name, condition.operands, stream);
      break;
    default:
  }
}

const ORDERED: readonly AttributeType[] = ["S", "N", "B"];

function checkFunction(name: string, operands: readonly Operand[], stream: TokenStream): void {
  const expected = name === "attribute_exists" || name === "attribute_not_exists" ? 1 : 2;
  const [first, second] = operands;
  if (operands.length !== expected || first === undefined) {
    throw stream.error(
      "Incorrect number of operands for operator or function; " +
        `operator or function: ${name}, number of operands: ${operands.length}`,
    );
  }
  if (second === undefined) {
    if (first.kind !== "path") {
      throw stream.error(`Operator or function requires a document path; operator or function: ${name}`);
    }
    return;
  }
  refuseSame(name, first, second, stream);
  if (name === "begins_with") {
    for (const operand of operands) requireTypes(name, operand, ["S", "B"], stream);
  }
  if (name === "attribute_type") checkTypeName(second, stream);
}

function checkTypeName(operand: Operand, stream: TokenStream): void {
  const name = operand.kind === "value" ? operand.value.S : undefined;
  if (name === undefined) {
    const actual = literalType(operand) ?? "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}";
    throw stream.error(
      "Incorrect operand type for operator or function; " +
        `operator or function: attribute_type, operand type: ${actual}`,
    );
  }
  if (!isAttributeType(name)) {
    throw stream.error(
      `Invalid attribute type name found; type: ${name}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`,
    );
  }
}

function requireTypes(
  operator: string,
  operand: Operand,
  allowed: readonly AttributeType[],
  stream: TokenStream,
): void {
  const actual = literalType(operand);
  if (actual === undefined || allowed.includes(actual)) return;
  throw stream.error(
    "Incorrect operand type for operator or function; " +
      `operator or function: ${operator}, operand type: ${actual}`,
  );
}

function literalType(operand: Operand): AttributeType | undefined {
  if (operand.kind === "size") return "N";
  return operand.kind === "value" ? typeOf(operand.value) : undefined;
}

function refuseSame(operator: string, left: Operand, right: Operand, stream: TokenStream): void {
  if (left.kind !== "path" || right.kind !== "path") return;
  if (pathText(left.path) !== pathText(right.path)) return;
  throw stream.error(
    "The first operand must be distinct from the remaining operands for this operator or function; " +
      `operator: ${operator}, first operand: ${pathText(left.path)}`,
  );
}

function checkRange(low: Operand, high: Operand, stream: TokenStream): void {
  if (low.kind !== "value" || high.kind !== "value") return;
  const order = compareValues(low.value, high.value);
  if (order !== undefined && order <= 0) return;
  const rule =
    order === undefined
      ? "same data type for lower and upper bounds"
      : "upper bound to be greater than or equal to lower bound";
  throw stream.error(
    `The BETWEEN operator requires ${rule}; lower bound operand: AttributeValue: ${shown(low.value)}, ` +
      `upper bound operand: AttributeValue: ${shown(high.value)}`,
  );
}

function shown(value: AttributeValue): string {
  const type = typeOf(value);
  return `{${type}:${String(value[type])}}`;
}
