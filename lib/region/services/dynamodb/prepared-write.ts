import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { applyUpdate } from "./apply-update.ts";
import { acceptItem, acceptValue, type Item } from "./attribute-value.ts";
import { type Condition, parseCondition } from "./condition-parser.ts";
import type { DocumentPath } from "./document-path.ts";
import { satisfies } from "./evaluate-condition.ts";
import { itemSize, MAX_ITEM_BYTES } from "./item-size.ts";
import type { KeySchema } from "./key-schema.ts";
import { type ExpressionInput, Placeholders } from "./placeholders.ts";
import type { Table } from "./table.ts";
import { parseUpdate } from "./update-parser.ts";
import { validationError } from "./validation-error.ts";

/** One write, parsed and checked as far as that goes without looking at the item. */
export interface PreparedWrite {
  readonly table: Table;
  readonly key: Item;
  readonly condition: Condition | undefined;
  /** The paths that an update touches: what `UPDATED_OLD` and `UPDATED_NEW` return. */
  readonly updatedPaths: readonly DocumentPath[];
  /** A condition check writes nothing at all. */
  readonly writes: boolean;
  readonly next: (old: Item | undefined) => Item | undefined;
}

export interface ConditionInput extends ExpressionInput {
  readonly ConditionExpression?: string | undefined;
}

export function preparePut(
  table: Table,
  input: ConditionInput & { readonly Item?: Item | undefined },
): PreparedWrite {
  const condition = onlyCondition(input);
  const item = acceptItem(input.Item ?? {});
  const key = table.schema.keyOf(item);
  checkSize(item, "Item size has exceeded the maximum allowed size");
  return { table, key, condition, updatedPaths: [], writes: true, next: () => item };
}

export function prepareDelete(table: Table, input: ConditionInput & KeyInput): PreparedWrite {
  const condition = onlyCondition(input);
  return {
    table,
    key: acceptKey(table.schema, input.Key),
    condition,
    updatedPaths: [],
    writes: true,
    next: () => undefined,
  };
}

export function prepareCheck(table: Table, input: ConditionInput & KeyInput): PreparedWrite {
  return { ...prepareDelete(table, input), writes: false, next: (old) => old };
}

export function prepareUpdate(
  table: Table,
  input: ConditionInput & KeyInput & { readonly UpdateExpression?: string | undefined },
): PreparedWrite {
  const { UpdateExpression: update, ConditionExpression: condition } = input;
  const placeholders = new Placeholders(input, { UpdateExpression: update, ConditionExpression: condition });
  const actions = update === undefined ? [] : parseUpdate(update, placeholders);
  const parsed =
    condition === undefined ? undefined : parseCondition("ConditionExpression", condition, placeholders);
  placeholders.finish();
  const key = acceptKey(table.schema, input.Key);
  for (const { path } of actions) refuseKeyUpdate(table.schema, path[0]);
  const next = (old: Item | undefined): Item => {
    const item = acceptItem(applyUpdate(old ?? key, actions));
    checkSize(item, "Item size to update has exceeded the maximum allowed size");
    return item;
  };
  return { table, key, condition: parsed, updatedPaths: actions.map(({ path }) => path), writes: true, next };
}

export interface KeyInput {
  readonly Key?: Readonly<Record<string, AttributeValue>> | undefined;
}

export function acceptKey(schema: KeySchema, key: KeyInput["Key"]): Item {
  const entries = Object.entries(key ?? {}).map(([name, value]) => [name, acceptValue(value)] as const);
  const accepted = Object.freeze(Object.fromEntries(entries));
  schema.checkKey(accepted);
  return accepted;
}

export interface WriteResult {
  readonly old: Item | undefined;
  readonly next: Item | undefined;
}

/** Looks at the item and decides: undefined when the condition does not hold. Changes nothing. */
export function decideWrite({ table, key, condition, next }: PreparedWrite): WriteResult | undefined {
  const old = table.read(key);
  if (condition !== undefined && !satisfies(old ?? {}, condition)) return undefined;
  return { old, next: next(old) };
}

function onlyCondition(input: ConditionInput): Condition | undefined {
  const text = input.ConditionExpression;
  const placeholders = new Placeholders(input, { ConditionExpression: text });
  const condition =
    text === undefined ? undefined : parseCondition("ConditionExpression", text, placeholders);
  placeholders.finish();
  return condition;
}

function checkSize(item: Item, message: string): void {
  if (itemSize(item) > MAX_ITEM_BYTES) throw validationError(message);
}

function refuseKeyUpdate(schema: KeySchema, attribute: string): void {
  if (!schema.attributes.some(({ name }) => name === attribute)) return;
  throw validationError(
    `One or more parameter values were invalid: Cannot update attribute ${attribute}. ` +
      "This attribute is part of the key",
  );
}
