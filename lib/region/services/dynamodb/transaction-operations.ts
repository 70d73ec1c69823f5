import * as dynamodb from "@aws-sdk/client-dynamodb";
import type { Permission, ServiceModel } from "../../service-model.ts";
import { capacityByTable, readUnits, writeUnits } from "./consumed-capacity.ts";
import { itemSize } from "./item-size.ts";
import { onItems } from "./permissions.ts";
import { Placeholders } from "./placeholders.ts";
import { acceptKey } from "./prepared-write.ts";
import { parseProjection, project } from "./projection.ts";
import type { Tables } from "./tables.ts";
import { TransactionTokens } from "./transaction-tokens.ts";
import { commitTransaction, refuseTooMany } from "./write-transaction.ts";

/**
 * TransactWriteItems and TransactGetItems.
 *
 * They need the permissions of the underlying operations and `dynamodb:ConditionCheckItem` for a condition
 * check (developer guide, "Using IAM with DynamoDB transactions"). A transaction happens in one step of the
 * clock here, so TransactionConflict never occurs by itself; the fault plan can inject it.
 */
export function addTransactionOperations(service: ServiceModel, tables: Tables): ServiceModel {
  const tokens = new TransactionTokens(tables.context.kernel);
  return service
    .on(dynamodb.TransactWriteItemsCommand, {
      accepts: ["TransactItems", "ClientRequestToken", "ReturnConsumedCapacity"],
      authorize: ({ TransactItems: items = [] }) => items.flatMap((item) => writePermissions(tables, item)),
      handle: ({ TransactItems: items = [], ClientRequestToken: token, ReturnConsumedCapacity: asked }) => {
        if (token !== undefined && tokens.isRepetition(token, items)) return {};
        const results = commitTransaction(tables, items);
        if (token !== undefined) tokens.remember(token, items);
        const uses = results.map(({ tableName, old, next }) => ({
          tableName,
          units: 2 * writeUnits(old, next),
        }));
        return { ConsumedCapacity: capacityByTable(asked, uses) };
      },
    })
    .on(dynamodb.TransactGetItemsCommand, {
      accepts: ["TransactItems", "ReturnConsumedCapacity"],
      authorize: ({ TransactItems: items = [] }) =>
        items.map(({ Get: get }) =>
          onItems(tables, "GetItem", get?.TableName, [get?.Key], "TransactGetItems"),
        ),
      handle: ({ TransactItems: items = [], ReturnConsumedCapacity: asked }) => {
        refuseTooMany(items.length);
        const found = items.map(({ Get: get }) => readOne(tables, get));
        return {
          Responses: found.map(({ item }) => (item === undefined ? {} : { Item: item })),
          ConsumedCapacity: capacityByTable(asked, found),
        };
      },
    });
}

function writePermissions(tables: Tables, item: dynamodb.TransactWriteItem): Permission[] {
  const { Put: put, Update: update, Delete: remove, ConditionCheck: check } = item;
  const permission = (action: string, name: string | undefined, key: Parameters<typeof onItems>[3][number]) =>
    onItems(tables, action, name, [key], "TransactWriteItems");
  return [
    ...(put === undefined ? [] : [permission("PutItem", put.TableName, put.Item)]),
    ...(update === undefined ? [] : [permission("UpdateItem", update.TableName, update.Key)]),
    ...(remove === undefined ? [] : [permission("DeleteItem", remove.TableName, remove.Key)]),
    ...(check === undefined ? [] : [permission("ConditionCheckItem", check.TableName, check.Key)]),
  ];
}

/** Transactional reads are serialisable: always the present. */
function readOne(tables: Tables, get: dynamodb.Get | undefined) {
  const table = tables.active(get?.TableName);
  const { ProjectionExpression: projection, ...rest } = get ?? {};
  const placeholders = new Placeholders(rest, { ProjectionExpression: projection });
  const paths = projection === undefined ? undefined : parseProjection(projection, placeholders);
  placeholders.finish();
  const item = table.read(acceptKey(table.schema, get?.Key));
  return {
    item: item === undefined || paths === undefined ? item : project(item, paths),
    tableName: table.name,
    units: 2 * readUnits(itemSize(item ?? {}), true),
  };
}
