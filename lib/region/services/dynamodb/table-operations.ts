import * as dynamodb from "@aws-sdk/client-dynamodb";
import type { ServiceModel } from "../../service-model.ts";
import { onTable } from "./permissions.ts";
import type { Tables } from "./tables.ts";
import { validationError } from "./validation-error.ts";

/**
 * Operations on tables themselves. Who may delete one is IAM's affair; deletion protection holds for
 * everybody.
 */
export function addTableOperations(service: ServiceModel, tables: Tables): ServiceModel {
  return service
    .on(dynamodb.CreateTableCommand, {
      accepts: [
        "TableName",
        "AttributeDefinitions",
        "KeySchema",
        "BillingMode",
        "DeletionProtectionEnabled",
        "SSESpecification.Enabled",
      ],
      authorize: (input) => onTable(tables, "CreateTable", input.TableName),
      handle: (input) => ({ TableDescription: createTable(tables, input).describe() }),
    })
    .on(dynamodb.DescribeTableCommand, {
      accepts: ["TableName"],
      authorize: (input) => onTable(tables, "DescribeTable", input.TableName),
      handle: (input) => ({ Table: tables.described(input.TableName).describe() }),
    })
    .on(dynamodb.ListTablesCommand, {
      accepts: ["ExclusiveStartTableName", "Limit"],
      authorize: () => [{ action: "dynamodb:ListTables", resource: "*" }],
      handle: ({ ExclusiveStartTableName: start = "", Limit: limit = 100 }) => {
        const rest = tables.names().filter((name) => name > start);
        const names = rest.slice(0, limit);
        return { TableNames: names, LastEvaluatedTableName: rest.length > limit ? names.at(-1) : undefined };
      },
    })
    .on(dynamodb.DeleteTableCommand, {
      accepts: ["TableName"],
      authorize: (input) => onTable(tables, "DeleteTable", input.TableName),
      handle: (input) => ({ TableDescription: tables.delete(input.TableName).describe() }),
    })
    .on(dynamodb.DescribeTimeToLiveCommand, {
      accepts: ["TableName"],
      authorize: (input) => onTable(tables, "DescribeTimeToLive", input.TableName),
      handle: (input) => ({
        TimeToLiveDescription: tables.described(input.TableName).timeToLive.describe(),
      }),
    })
    .on(dynamodb.UpdateTimeToLiveCommand, {
      accepts: ["TableName", "TimeToLiveSpecification"],
      authorize: (input) => onTable(tables, "UpdateTimeToLive", input.TableName),
      handle: ({ TableName: name, TimeToLiveSpecification: specification }) => {
        if (specification === undefined) throw validationError("TimeToLiveSpecification must not be null");
        tables.active(name).timeToLive.update(specification);
        return { TimeToLiveSpecification: specification };
      },
    });
}

function createTable(tables: Tables, input: dynamodb.CreateTableInput) {
  if (input.BillingMode !== "PAY_PER_REQUEST") {
    throw validationError("Only tables with BillingMode PAY_PER_REQUEST are modelled");
  }
  return tables.create(
    {
      name: input.TableName ?? "",
      attributeDefinitions: input.AttributeDefinitions ?? [],
      keySchema: input.KeySchema ?? [],
      billingMode: input.BillingMode,
      deletionProtection: input.DeletionProtectionEnabled ?? false,
      kmsEncrypted: input.SSESpecification?.Enabled ?? false,
    },
    tables.changeMs(),
  );
}
