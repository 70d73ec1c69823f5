import type { ConsumedCapacity } from "@aws-sdk/client-dynamodb";
import type { Item } from "./attribute-value.ts";
import { itemSize } from "./item-size.ts";

/**
 * The `ConsumedCapacity` member of an answer, absent unless asked for.
 *
 * A unit reads 4 KB (half of that when eventually consistent) or writes 1 KB; transactions cost twice
 * (developer guide, "DynamoDB read and write operations").
 */
export function consumedCapacity(
  asked: string | undefined,
  tableName: string,
  units: number,
): ConsumedCapacity | undefined {
  if (asked === undefined || asked === "NONE") return undefined;
  return {
    TableName: tableName,
    CapacityUnits: units,
    ...(asked === "INDEXES" ? { Table: { CapacityUnits: units } } : {}),
  };
}

export function readUnits(bytes: number, consistent: boolean | undefined): number {
  return Math.max(1, Math.ceil(bytes / 4_096)) * (consistent ? 1 : 0.5);
}

/** A write costs by the larger of the item before and the item after. */
export function writeUnits(old: Item | undefined, next: Item | undefined): number {
  return Math.max(1, Math.ceil(Math.max(itemSize(old ?? {}), itemSize(next ?? {})) / 1_024));
}

/** One entry for each table, in the order of first mention. */
export function capacityByTable(
  asked: string | undefined,
  uses: readonly { readonly tableName: string; readonly units: number }[],
): ConsumedCapacity[] | undefined {
  const totals = new Map<string, number>();
  for (const { tableName, units } of uses) totals.set(tableName, (totals.get(tableName) ?? 0) + units);
  const entries = [...totals].flatMap(([name, units]) => consumedCapacity(asked, name, units) ?? []);
  return entries.length === 0 ? undefined : entries;
}
