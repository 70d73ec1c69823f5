import * as dynamodb from "@aws-sdk/client-dynamodb";
import type { ServiceModel } from "../../service-model.ts";
import type { Item } from "./attribute-value.ts";
import { capacityByTable, readUnits, writeUnits } from "./consumed-capacity.ts";
import { itemSize } from "./item-size.ts";
import { onItems } from "./permissions.ts";
import { Placeholders } from "./placeholders.ts";
import { acceptKey, decideWrite, type PreparedWrite, prepareDelete, preparePut } from "./prepared-write.ts";
import { parseProjection, project } from "./projection.ts";
import type { Table } from "./table.ts";
import type { Tables } from "./tables.ts";
import { validationError } from "./validation-error.ts";

/** BatchGetItem and BatchWriteItem: many single operations in one request, not a transaction. */
export function addBatchOperations(service: ServiceModel, tables: Tables): ServiceModel {
  return service
    .on(dynamodb.BatchGetItemCommand, {
      accepts: ["RequestItems", "ReturnConsumedCapacity"],
      authorize: ({ RequestItems: requests = {} }) =>
        Object.entries(requests).map(([name, { Keys: keys = [] }]) =>
          onItems(tables, "BatchGetItem", name, keys),
        ),
      handle: (input) => batchGet(tables, input),
    })
    .on(dynamodb.BatchWriteItemCommand, {
      accepts: ["RequestItems", "ReturnConsumedCapacity"],
      authorize: ({ RequestItems: requests = {} }) =>
        Object.entries(requests).map(([name, writes]) =>
          onItems(tables, "BatchWriteItem", name, writes.map(writtenItem)),
        ),
      handle: (input) => batchWrite(tables, input),
    });
}

/** What one BatchGetItem returns at most, bytes, and how many keys it takes (API reference, BatchGetItem). */
const RESPONSE_BYTES = 16 * 1024 * 1024;
const MAX_KEYS = 100;
/** API reference, BatchWriteItem. */
const MAX_WRITES = 25;

type GetRequests = Record<string, dynamodb.KeysAndAttributes>;

function batchGet(
  tables: Tables,
  { RequestItems: requests = {}, ReturnConsumedCapacity: asked }: dynamodb.BatchGetItemInput,
): Omit<dynamodb.BatchGetItemCommandOutput, "$metadata"> {
  if (Object.values(requests).flatMap(({ Keys: keys = [] }) => keys).length > MAX_KEYS) {
    throw validationError("Too many items requested for the BatchGetItem call");
  }
  const responses: Record<string, Record<string, dynamodb.AttributeValue>[]> = {};
  const unprocessed: GetRequests = {};
  const uses: { tableName: string; units: number }[] = [];
  let bytes = 0;
  for (const [name, request] of Object.entries(requests)) {
    const table = tables.active(name);
    const { keys, paths } = parseGets(table, request);
    const moment = table.momentOfRead(request.ConsistentRead);
    const found: Record<string, dynamodb.AttributeValue>[] = [];
    const postponed: Item[] = [];
    for (const key of keys) {
      const item = table.read(key, moment);
      const size = itemSize(item ?? {});
      if (bytes + size > RESPONSE_BYTES) {
        postponed.push(key);
        continue;
      }
      bytes += size;
      uses.push({ tableName: table.name, units: readUnits(size, request.ConsistentRead) });
      if (item !== undefined) found.push(paths === undefined ? item : project(item, paths));
    }
    responses[name] = found;
    if (postponed.length > 0) unprocessed[name] = { ...request, Keys: postponed };
  }
  return {
    Responses: responses,
    UnprocessedKeys: unprocessed,
    ConsumedCapacity: capacityByTable(asked, uses),
  };
}

function parseGets(table: Table, request: dynamodb.KeysAndAttributes) {
  const { ProjectionExpression: projection, Keys: keys = [] } = request;
  const { AttributesToGet: legacy } = request;
  if (legacy !== undefined)
    throw validationError("AttributesToGet is not modelled; use ProjectionExpression");
  const placeholders = new Placeholders(request, { ProjectionExpression: projection });
  const paths = projection === undefined ? undefined : parseProjection(projection, placeholders);
  placeholders.finish();
  const accepted = keys.map((key) => acceptKey(table.schema, key));
  refuseDuplicates(accepted.map((key) => `${table.name}\n${table.schema.identity(key)}`));
  return { keys: accepted, paths };
}

function batchWrite(
  tables: Tables,
  { RequestItems: requests = {}, ReturnConsumedCapacity: asked }: dynamodb.BatchWriteItemInput,
): Omit<dynamodb.BatchWriteItemCommandOutput, "$metadata"> {
  if (Object.values(requests).flat().length > MAX_WRITES) {
    throw validationError("Too many items requested for the BatchWriteItem call");
  }
  const writes = Object.entries(requests).flatMap(([name, entries]) => {
    const table = tables.active(name);
    return entries.map((entry) => prepareEntry(table, entry));
  });
  refuseDuplicates(writes.map(({ table, key }) => `${table.name}\n${table.schema.identity(key)}`));
  const uses = writes.map((write) => {
    const { table, key } = write;
    const result = decideWrite(write);
    table.write(key, result?.next);
    return { tableName: table.name, units: writeUnits(result?.old, result?.next) };
  });
  return { UnprocessedItems: {}, ConsumedCapacity: capacityByTable(asked, uses) };
}

function prepareEntry(
  table: Table,
  { PutRequest: put, DeleteRequest: remove }: dynamodb.WriteRequest,
): PreparedWrite {
  if (put !== undefined && remove === undefined) return preparePut(table, { Item: put.Item });
  if (remove !== undefined && put === undefined) return prepareDelete(table, { Key: remove.Key });
  throw validationError("A write request must contain exactly one of PutRequest and DeleteRequest");
}

function writtenItem({ PutRequest: put, DeleteRequest: remove }: dynamodb.WriteRequest): Item | undefined {
  return put?.Item ?? remove?.Key;
}

function refuseDuplicates(identities: readonly string[]): void {
  if (new Set(identities).size < identities.length) {
    throw validationError("Provided list of item keys contains duplicates");
  }
}
