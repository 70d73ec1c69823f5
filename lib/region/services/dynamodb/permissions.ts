import type { Permission } from "../../service-model.ts";
import type { Item } from "./attribute-value.ts";
import type { Tables } from "./tables.ts";

/** A permission on the table's ARN, without keys. */
export function onTable(tables: Tables, action: string, tableName: string | undefined): Permission[] {
  return [{ action: `dynamodb:${action}`, resource: tables.arnOf(tableName) }];
}

/**
 * A permission on the table's ARN with `dynamodb:LeadingKeys`, the partition keys that the request touches
 * (developer guide, "Using IAM policy conditions for fine-grained access control"), and, inside a
 * transaction, `dynamodb:EnclosingOperation`.
 */
export function onItems(
  tables: Tables,
  action: string,
  tableName: string | undefined,
  items: readonly (Item | undefined)[],
  enclosingOperation?: string,
): Permission {
  const partitionKey = tables.find(tableName)?.schema.partition.name;
  const leadingKeys = items.flatMap((item) =>
    item !== undefined && partitionKey !== undefined && Object.hasOwn(item, partitionKey)
      ? leadingKey(item[partitionKey])
      : [],
  );
  return {
    action: `dynamodb:${action}`,
    resource: tables.arnOf(tableName),
    context: {
      ...(leadingKeys.length > 0 ? { "dynamodb:LeadingKeys": [...new Set(leadingKeys)] } : {}),
      ...(enclosingOperation === undefined ? {} : { "dynamodb:EnclosingOperation": enclosingOperation }),
    },
  };
}

function leadingKey(value: Item[string] | undefined): string[] {
  if (value?.B !== undefined) return [Buffer.from(value.B).toString("base64")];
  return value === undefined ? [] : [value.S ?? value.N ?? ""];
}
