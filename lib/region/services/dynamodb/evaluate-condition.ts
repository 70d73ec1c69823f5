import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { compareValues, equalValues, type Item, setMembers, typeOf } from "./attribute-value.ts";
import type { Comparator, Condition, ConditionFunction, Operand } from "./condition-parser.ts";
import { readPath } from "./document-path.ts";

/**
 * Whether the item satisfies the condition; an item that does not exist is `{}`.
 *
 * An operand that is missing, or of another type than the other one, makes every comparison false but `<>`,
 * which it makes true; that two missing attributes are not equal is unverified.
 */
export function satisfies(item: Item, condition: Condition): boolean {
  switch (condition.kind) {
    case "and":
      return satisfies(item, condition.left) && satisfies(item, condition.right);
    case "or":
      return satisfies(item, condition.left) || satisfies(item, condition.right);
    case "not":
      return !satisfies(item, condition.condition);
    case "compare":
      return compare(condition.comparator, resolve(item, condition.left), resolve(item, condition.right));
    case "between": {
      const value = resolve(item, condition.operand);
      return (
        compare(">=", value, resolve(item, condition.low)) &&
        compare("<=", value, resolve(item, condition.high))
      );
    }
    case "in": {
      const value = resolve(item, condition.operand);
      return condition.options.some((option) => compare("=", value, resolve(item, option)));
    }
    case "function": {
      const [subject, argument] = condition.operands.map((operand) => resolve(item, operand));
      return apply(condition.name, subject, argument);
    }
  }
}

function resolve(item: Item, operand: Operand): AttributeValue | undefined {
  if (operand.kind === "value") return operand.value;
  if (operand.kind === "path") return readPath(item, operand.path);
  const size = measure(resolve(item, operand.of));
  return size === undefined ? undefined : { N: String(size) };
}

function compare(comparator: Comparator, left?: AttributeValue, right?: AttributeValue): boolean {
  const equal = left !== undefined && right !== undefined && equalValues(left, right);
  if (comparator === "=") return equal;
  if (comparator === "<>") return !equal;
  const order = left && right ? compareValues(left, right) : undefined;
  if (order === undefined) return false;
  if (comparator === "<") return order < 0;
  if (comparator === "<=") return order <= 0;
  return comparator === ">" ? order > 0 : order >= 0;
}

function apply(name: ConditionFunction, subject?: AttributeValue, argument?: AttributeValue): boolean {
  if (name === "attribute_exists") return subject !== undefined;
  if (name === "attribute_not_exists") return subject === undefined;
  if (subject === undefined || argument === undefined) return false;
  if (name === "attribute_type") return typeOf(subject) === argument.S;
  return name === "begins_with" ? beginsWith(subject, argument) : contains(subject, argument);
}

function beginsWith(subject: AttributeValue, prefix: AttributeValue): boolean {
  if (subject.S !== undefined && prefix.S !== undefined) return subject.S.startsWith(prefix.S);
  if (subject.B === undefined || prefix.B === undefined) return false;
  return Buffer.compare(subject.B.subarray(0, prefix.B.length), prefix.B) === 0;
}

function contains(subject: AttributeValue, part: AttributeValue): boolean {
  if (subject.S !== undefined && part.S !== undefined) return subject.S.includes(part.S);
  if (subject.B !== undefined && part.B !== undefined)
    return Buffer.from(subject.B).includes(Buffer.from(part.B));
  const members = subject.L ?? setMembers(subject) ?? [];
  return members.some((member) => equalValues(member, part));
}

/**
 * `size`: characters of a string (UTF-16 units here; unverified beyond the BMP), bytes, or number of
 * elements.
 */
function measure(value: AttributeValue | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (value.S !== undefined) return value.S.length;
  if (value.B !== undefined) return value.B.length;
  if (value.M !== undefined) return Object.keys(value.M).length;
  return (value.L ?? setMembers(value))?.length;
}
