import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { equalValues, type Item, setMembers, typeOf } from "./attribute-value.ts";
import { addDecimals, formatDecimal, negateDecimal, parseDecimal } from "./decimal.ts";
import { type DocumentPath, readPath } from "./document-path.ts";
import type { UpdateAction, UpdateOperand } from "./update-parser.ts";
import { validationError } from "./validation-error.ts";

/**
 * The item after an update. Every right-hand side sees the item as it was before, list positions too:
 * removing `a[0]` and `a[1]` together removes the first two elements (developer guide, "Using update
 * expressions").
 */
export function applyUpdate(item: Item, actions: readonly UpdateAction[]): Item {
  const values = actions.map((action) => newValue(item, action));
  const draft = structuredClone<Record<string, AttributeValue>>(item);
  const lists = new Set<AttributeValue[]>();
  actions.forEach(({ path }, index) => {
    place(draft, path, values[index], lists);
  });
  for (const list of lists) {
    // `filter` skips the holes that a position beyond the end leaves: the element goes to the end of the
    // list.
    const kept = list.filter((element) => element !== REMOVED);
    list.splice(0, list.length, ...kept);
  }
  return draft;
}

const REMOVED: AttributeValue = { NULL: true };

/** What the action leaves at its path; undefined when it leaves nothing. */
function newValue(item: Item, action: UpdateAction): AttributeValue | undefined {
  switch (action.section) {
    case "SET":
      return structuredClone(evaluate(item, action.operand));
    case "REMOVE":
      return undefined;
    default: {
      const old = readPath(item, action.path);
      if (old !== undefined && typeOf(old) !== typeOf(action.value)) throw wrongOperandType();
      if (action.section === "DELETE")
        return old === undefined ? undefined : withoutMembers(old, action.value);
      return old === undefined ? structuredClone(action.value) : joined(old, action.value);
    }
  }
}

function evaluate(item: Item, operand: UpdateOperand): AttributeValue {
  switch (operand.kind) {
    case "value":
      return operand.value;
    case "path": {
      const value = readPath(item, operand.path);
      if (value !== undefined) return value;
      throw validationError("The provided expression refers to an attribute that does not exist in the item");
    }
    case "ifNotExists":
      return readPath(item, operand.path) ?? evaluate(item, operand.otherwise);
    case "listAppend": {
      const [left, right] = [evaluate(item, operand.left).L, evaluate(item, operand.right).L];
      if (left === undefined || right === undefined) throw wrongOperandType();
      return { L: [...left, ...right] };
    }
    default: {
      const [left, right] = [evaluate(item, operand.left).N, evaluate(item, operand.right).N];
      if (left === undefined || right === undefined) throw wrongOperandType();
      const second = parseDecimal(right);
      const sum = addDecimals(parseDecimal(left), operand.kind === "plus" ? second : negateDecimal(second));
      return { N: formatDecimal(sum) };
    }
  }
}

function joined(old: AttributeValue, added: AttributeValue): AttributeValue {
  if (old.N !== undefined && added.N !== undefined) {
    return { N: formatDecimal(addDecimals(parseDecimal(old.N), parseDecimal(added.N))) };
  }
  const members = setMembers(old) ?? [];
  const fresh = (setMembers(added) ?? []).filter((one) => !members.some((other) => equalValues(one, other)));
  return asSet(old, [...members, ...fresh]);
}

/** Deleting the last member deletes the attribute: sets are never empty. */
function withoutMembers(old: AttributeValue, deleted: AttributeValue): AttributeValue | undefined {
  const gone = setMembers(deleted) ?? [];
  const kept = (setMembers(old) ?? []).filter((one) => !gone.some((other) => equalValues(one, other)));
  return kept.length === 0 ? undefined : asSet(old, kept);
}

function asSet(like: AttributeValue, members: readonly AttributeValue[]): AttributeValue {
  if (like.SS !== undefined) return { SS: members.flatMap(({ S }) => S ?? []) };
  if (like.NS !== undefined) return { NS: members.flatMap(({ N }) => N ?? []) };
  return { BS: members.flatMap(({ B }) => (B === undefined ? [] : [B])) };
}

function place(
  draft: Record<string, AttributeValue>,
  [first, ...rest]: DocumentPath,
  value: AttributeValue | undefined,
  lists: Set<AttributeValue[]>,
): void {
  const last = rest.at(-1);
  if (last === undefined) {
    placeInMap(draft, first, value);
    return;
  }
  const parent = readPath(draft, [first, ...rest.slice(0, -1)]);
  if (typeof last === "string" && parent?.M !== undefined) {
    placeInMap(parent.M, last, value);
  } else if (typeof last === "number" && parent?.L !== undefined) {
    if (value !== undefined) parent.L[last] = value;
    else if (last < parent.L.length) parent.L[last] = REMOVED;
    lists.add(parent.L);
  } else {
    throw validationError("The document path provided in the update expression is invalid for update");
  }
}

function placeInMap(
  map: Record<string, AttributeValue>,
  name: string,
  value: AttributeValue | undefined,
): void {
  if (value === undefined) Reflect.deleteProperty(map, name);
  else map[name] = value;
}

function wrongOperandType(): Error {
  return validationError("An operand in the update expression has an incorrect data type");
}
