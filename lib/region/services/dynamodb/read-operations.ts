import * as dynamodb from "@aws-sdk/client-dynamodb";
import type { ServiceModel } from "../../service-model.ts";
import type { Item } from "./attribute-value.ts";
import { type Condition, parseCondition } from "./condition-parser.ts";
import { consumedCapacity, readUnits } from "./consumed-capacity.ts";
import type { DocumentPath } from "./document-path.ts";
import { satisfies } from "./evaluate-condition.ts";
import { type KeyCondition, parseKeyCondition } from "./key-condition.ts";
import { keyText } from "./key-schema.ts";
import { onItems, onTable } from "./permissions.ts";
import { Placeholders } from "./placeholders.ts";
import { acceptKey } from "./prepared-write.ts";
import { parseProjection, project } from "./projection.ts";
import { readPage } from "./read-page.ts";
import type { Table } from "./table.ts";
import type { Tables } from "./tables.ts";
import { validationError } from "./validation-error.ts";

const ACCEPTED = [
  "TableName",
  "Select",
  "Limit",
  "ConsistentRead",
  "ExclusiveStartKey",
  "ReturnConsumedCapacity",
  "ProjectionExpression",
  "FilterExpression",
  "ExpressionAttributeNames",
  "ExpressionAttributeValues",
];

/** Query and Scan of tables; indexes are not modelled. */
export function addReadOperations(service: ServiceModel, tables: Tables): ServiceModel {
  return service
    .on(dynamodb.QueryCommand, {
      accepts: [...ACCEPTED, "KeyConditionExpression", "ScanIndexForward"],
      authorize: (input) => {
        const table = tables.find(input.TableName);
        if (table === undefined) return onTable(tables, "Query", input.TableName);
        const { partitionKey } = parseQuery(table, input).keyCondition;
        return [onItems(tables, "Query", input.TableName, [{ [table.schema.partition.name]: partitionKey }])];
      },
      handle: (input) => query(tables.active(input.TableName), input),
    })
    .on(dynamodb.ScanCommand, {
      accepts: ACCEPTED,
      authorize: (input) => onTable(tables, "Scan", input.TableName),
      handle: (input) => scan(tables.active(input.TableName), input),
    });
}

interface ReadRequest {
  readonly filter: Condition | undefined;
  readonly projection: readonly DocumentPath[] | undefined;
}

function query(table: Table, input: dynamodb.QueryInput): ReadOutput {
  const { keyCondition, ...request } = parseQuery(table, input);
  const { sortCondition, partitionKey } = keyCondition;
  const matching = table
    .partition(partitionKey, table.momentOfRead(input.ConsistentRead))
    .filter((item) => sortCondition === undefined || satisfies(item, sortCondition));
  const forward = input.ScanIndexForward ?? true;
  const ordered = forward ? matching : matching.reverse();
  const start = startKey(table, input);
  if (start === undefined) return answer(table, input, ordered, request);
  if (keyText(start[table.schema.partition.name]) !== keyText(partitionKey)) {
    throw validationError(
      "The provided starting key is outside query boundaries based on provided conditions",
    );
  }
  const rest = ordered.filter((item) => {
    const order = table.compareSortKeys(item, start);
    return forward ? order > 0 : order < 0;
  });
  return answer(table, input, rest, request);
}

function scan(table: Table, input: dynamodb.ScanInput): ReadOutput {
  const placeholders = new Placeholders(input, {
    ProjectionExpression: input.ProjectionExpression,
    FilterExpression: input.FilterExpression,
  });
  const request = parseRequest(input, placeholders);
  placeholders.finish();
  const all = table.all(table.momentOfRead(input.ConsistentRead));
  const start = startKey(table, input);
  const rest = start === undefined ? all : all.filter((item) => table.compareInScan(item, start) > 0);
  return answer(table, input, rest, request);
}

function parseQuery(
  table: Table,
  input: dynamodb.QueryInput,
): ReadRequest & { readonly keyCondition: KeyCondition } {
  const text = input.KeyConditionExpression;
  if (text === undefined) {
    throw validationError(
      "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
    );
  }
  const placeholders = new Placeholders(input, { KeyConditionExpression: text });
  const keyCondition = parseKeyCondition(text, placeholders, table.schema);
  const request = parseRequest(input, placeholders);
  placeholders.finish();
  return { ...request, keyCondition };
}

interface ReadInput {
  readonly Select?: string | undefined;
  readonly Limit?: number | undefined;
  readonly ConsistentRead?: boolean | undefined;
  readonly ExclusiveStartKey?: Readonly<Record<string, dynamodb.AttributeValue>> | undefined;
  readonly ReturnConsumedCapacity?: string | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly FilterExpression?: string | undefined;
}

interface ReadOutput {
  Items: Record<string, dynamodb.AttributeValue>[] | undefined;
  Count: number;
  ScannedCount: number;
  LastEvaluatedKey: Record<string, dynamodb.AttributeValue> | undefined;
  ConsumedCapacity: dynamodb.ConsumedCapacity | undefined;
}

function parseRequest(input: ReadInput, placeholders: Placeholders): ReadRequest {
  const { Select: select, Limit: limit, FilterExpression: filter, ProjectionExpression: projection } = input;
  if (limit !== undefined && limit < 1) {
    throw validationError(
      `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: ` +
        "Member must have value greater than or equal to 1",
    );
  }
  if (select === "SPECIFIC_ATTRIBUTES" && projection === undefined) {
    throw validationError(
      "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
    );
  }
  if (select !== undefined && select !== "SPECIFIC_ATTRIBUTES" && projection !== undefined) {
    throw validationError(`Cannot specify the ProjectionExpression when choosing to get ${select}`);
  }
  return {
    filter: filter === undefined ? undefined : parseCondition("FilterExpression", filter, placeholders),
    projection: projection === undefined ? undefined : parseProjection(projection, placeholders),
  };
}

function startKey(table: Table, input: ReadInput): Item | undefined {
  return input.ExclusiveStartKey === undefined ? undefined : acceptKey(table.schema, input.ExclusiveStartKey);
}

function answer(
  table: Table,
  input: ReadInput,
  candidates: readonly Item[],
  request: ReadRequest,
): ReadOutput {
  const page = readPage(candidates, input.Limit, request.filter);
  const { projection } = request;
  const items = page.items.map((item) => (projection === undefined ? item : project(item, projection)));
  const units = readUnits(page.scannedBytes, input.ConsistentRead);
  return {
    Items: input.Select === "COUNT" ? undefined : items,
    Count: items.length,
    ScannedCount: page.scannedCount,
    LastEvaluatedKey: page.last === undefined ? undefined : table.schema.keyOf(page.last),
    ConsumedCapacity: consumedCapacity(input.ReturnConsumedCapacity, table.name, units),
  };
}
