import * as dynamodb from "@aws-sdk/client-dynamodb";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import type { Item } from "./attribute-value.ts";
import { consumedCapacity, readUnits, writeUnits } from "./consumed-capacity.ts";
import { itemSize } from "./item-size.ts";
import { onItems } from "./permissions.ts";
import { Placeholders } from "./placeholders.ts";
import {
  acceptKey,
  decideWrite,
  type PreparedWrite,
  prepareDelete,
  preparePut,
  prepareUpdate,
  type WriteResult,
} from "./prepared-write.ts";
import { parseProjection, project } from "./projection.ts";
import type { Tables } from "./tables.ts";
import { validationError } from "./validation-error.ts";

const CONDITIONAL = [
  "TableName",
  "ReturnValues",
  "ReturnConsumedCapacity",
  "ConditionExpression",
  "ExpressionAttributeNames",
  "ExpressionAttributeValues",
  "ReturnValuesOnConditionCheckFailure",
];

/** GetItem, PutItem, UpdateItem and DeleteItem. */
export function addItemOperations(service: ServiceModel, tables: Tables): ServiceModel {
  return addGetItem(service, tables)
    .on(dynamodb.PutItemCommand, {
      accepts: [...CONDITIONAL, "Item"],
      authorize: (input) => [onItems(tables, "PutItem", input.TableName, [input.Item])],
      handle: (input) => {
        requireReturnValues(
          input.ReturnValues,
          ["NONE", "ALL_OLD"],
          "ReturnValues can only be ALL_OLD or NONE",
        );
        return write(preparePut(tables.active(input.TableName), input), input);
      },
    })
    .on(dynamodb.UpdateItemCommand, {
      accepts: [...CONDITIONAL, "Key", "UpdateExpression"],
      authorize: (input) => [onItems(tables, "UpdateItem", input.TableName, [input.Key])],
      handle: (input) => {
        requireReturnValues(
          input.ReturnValues,
          UPDATE_RETURNS,
          "ReturnValues is not one of the update kinds",
        );
        return write(prepareUpdate(tables.active(input.TableName), input), input);
      },
    })
    .on(dynamodb.DeleteItemCommand, {
      accepts: [...CONDITIONAL, "Key"],
      authorize: (input) => [onItems(tables, "DeleteItem", input.TableName, [input.Key])],
      handle: (input) => {
        requireReturnValues(
          input.ReturnValues,
          ["NONE", "ALL_OLD"],
          "ReturnValues can only be ALL_OLD or NONE",
        );
        return write(prepareDelete(tables.active(input.TableName), input), input);
      },
    });
}

function addGetItem(service: ServiceModel, tables: Tables): ServiceModel {
  return service.on(dynamodb.GetItemCommand, {
    accepts: [
      "TableName",
      "Key",
      "ConsistentRead",
      "ReturnConsumedCapacity",
      "ProjectionExpression",
      "ExpressionAttributeNames",
    ],
    authorize: (input) => [onItems(tables, "GetItem", input.TableName, [input.Key])],
    handle: (input) => {
      const table = tables.active(input.TableName);
      const { ProjectionExpression: projection } = input;
      const placeholders = new Placeholders(input, { ProjectionExpression: projection });
      const paths = projection === undefined ? undefined : parseProjection(projection, placeholders);
      placeholders.finish();
      const key = acceptKey(table.schema, input.Key);
      const item = table.read(key, table.momentOfRead(input.ConsistentRead));
      const units = readUnits(itemSize(item ?? {}), input.ConsistentRead);
      return {
        Item: item === undefined || paths === undefined ? item : project(item, paths),
        ConsumedCapacity: consumedCapacity(input.ReturnConsumedCapacity, table.name, units),
      };
    },
  });
}

interface WriteInput {
  readonly ReturnValues?: string | undefined;
  readonly ReturnConsumedCapacity?: string | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: string | undefined;
}

interface WriteOutput {
  Attributes: Record<string, dynamodb.AttributeValue> | undefined;
  ConsumedCapacity: dynamodb.ConsumedCapacity | undefined;
}

/** The condition is judged and the item replaced in one step of the clock: nothing can come in between. */
function write(prepared: PreparedWrite, input: WriteInput): WriteOutput {
  const { table, key, updatedPaths } = prepared;
  const result = decideWrite(prepared);
  if (result === undefined) {
    const item = input.ReturnValuesOnConditionCheckFailure === "ALL_OLD" ? table.read(key) : undefined;
    throw new AwsError(
      "ConditionalCheckFailedException",
      "The conditional request failed",
      400,
      item === undefined ? {} : { Item: item },
    );
  }
  table.write(key, result.next);
  return {
    Attributes: returnedAttributes(input.ReturnValues, result, updatedPaths),
    ConsumedCapacity: consumedCapacity(
      input.ReturnConsumedCapacity,
      table.name,
      writeUnits(result.old, result.next),
    ),
  };
}

function returnedAttributes(
  asked: string | undefined,
  { old, next }: WriteResult,
  paths: PreparedWrite["updatedPaths"],
): Record<string, dynamodb.AttributeValue> | undefined {
  if (asked === "ALL_OLD") return old;
  if (asked === "ALL_NEW") return next;
  if (asked === "UPDATED_OLD") return projected(old, paths);
  if (asked === "UPDATED_NEW") return projected(next, paths);
  return undefined;
}

function projected(
  item: Item | undefined,
  paths: PreparedWrite["updatedPaths"],
): Record<string, dynamodb.AttributeValue> | undefined {
  const attributes = project(item ?? {}, paths);
  return Object.keys(attributes).length === 0 ? undefined : attributes;
}

const UPDATE_RETURNS = ["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"];

function requireReturnValues(asked: string | undefined, allowed: readonly string[], message: string): void {
  if (asked !== undefined && !allowed.includes(asked)) throw validationError(message);
}
