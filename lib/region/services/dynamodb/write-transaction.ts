import type { CancellationReason, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { AwsError } from "../../service-model.ts";
import type { Item } from "./attribute-value.ts";
import { itemSize } from "./item-size.ts";
import {
  decideWrite,
  type PreparedWrite,
  prepareCheck,
  prepareDelete,
  preparePut,
  prepareUpdate,
  type WriteResult,
} from "./prepared-write.ts";
import type { Tables } from "./tables.ts";
import { validationError } from "./validation-error.ts";

/**
 * Does all the writes or, when one of them cannot be done, none: then every action has a cancellation reason.
 *
 * At most 100 actions on as many distinct items and 4 MB (API reference, TransactWriteItems).
 */
export function commitTransaction(
  tables: Tables,
  items: readonly TransactWriteItem[],
): (WriteResult & { readonly tableName: string })[] {
  refuseTooMany(items.length);
  const entries = items.map((item) => prepareEntry(tables, item));
  refuseSameItemTwice(entries.map(({ write }) => write));
  const decisions = entries.map(decide);
  if (decisions.some(({ result }) => result === undefined)) throw cancelled(decisions);
  const results = entries.flatMap(({ write: { table } }, index) => {
    const result = decisions[index]?.result;
    return result === undefined ? [] : [{ ...result, tableName: table.name }];
  });
  if (results.reduce((sum, { next }) => sum + itemSize(next ?? {}), 0) > MAX_BYTES) {
    throw validationError("Collective size of items in transaction cannot exceed 4MB");
  }
  entries.forEach(({ write: { table, key, writes } }, index) => {
    if (writes) table.write(key, results[index]?.next);
  });
  return results;
}

export function refuseTooMany(count: number): void {
  if (count >= 1 && count <= 100) return;
  const bound = count < 1 ? "greater than or equal to 1" : "less than or equal to 100";
  throw validationError(
    "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: " +
      `Member must have length ${bound}`,
  );
}

const MAX_BYTES = 4 * 1024 * 1024;

interface Entry {
  readonly write: PreparedWrite;
  readonly returnsItem: boolean;
}

interface Decision {
  readonly result: WriteResult | undefined;
  readonly reason: CancellationReason;
}

function prepareEntry(tables: Tables, item: TransactWriteItem): Entry {
  const { Put: put, Update: update, Delete: remove, ConditionCheck: check } = item;
  const actions = [put, update, remove, check].filter((action) => action !== undefined);
  const [action] = actions;
  if (action === undefined || actions.length > 1) {
    throw validationError("TransactItems can only contain one of Check, Put, Update or Delete");
  }
  const table = tables.active(action.TableName);
  const returnsItem = action.ReturnValuesOnConditionCheckFailure === "ALL_OLD";
  if (put !== undefined) return { write: preparePut(table, put), returnsItem };
  if (update !== undefined) return { write: prepareUpdate(table, update), returnsItem };
  if (remove !== undefined) return { write: prepareDelete(table, remove), returnsItem };
  if (check?.ConditionExpression === undefined) {
    throw validationError("The expression can not be empty; ConditionCheck needs a ConditionExpression");
  }
  return { write: prepareCheck(table, check), returnsItem };
}

function decide({ write, returnsItem }: Entry): Decision {
  try {
    const result = decideWrite(write);
    if (result !== undefined) return { result, reason: { Code: "None" } };
    const item: Item | undefined = returnsItem ? write.table.read(write.key) : undefined;
    const message = "The conditional request failed";
    return {
      result,
      reason: { Code: "ConditionalCheckFailed", Message: message, ...(item ? { Item: item } : {}) },
    };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { result: undefined, reason: { Code: "ValidationError", Message: error.message } };
  }
}

function cancelled(decisions: readonly Decision[]): AwsError {
  const reasons = decisions.map(({ reason }) => reason);
  const codes = reasons.map(({ Code: code }) => code).join(", ");
  return new AwsError(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    400,
    { CancellationReasons: reasons },
  );
}

function refuseSameItemTwice(writes: readonly PreparedWrite[]): void {
  const identities = writes.map(({ table, key }) => `${table.name}\n${table.schema.identity(key)}`);
  if (new Set(identities).size < identities.length) {
    throw validationError("Transaction request cannot include multiple operations on one item");
  }
}
