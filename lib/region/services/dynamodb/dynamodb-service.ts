import * as dynamodb from "@aws-sdk/client-dynamodb";
import type { RegionContext } from "../../region-context.ts";
import { ServiceModel } from "../../service-model.ts";
import { addBatchOperations } from "./batch-operations.ts";
import { addItemOperations } from "./item-operations.ts";
import { addReadOperations } from "./read-operations.ts";
import { addTableOperations } from "./table-operations.ts";
import { addTableResources } from "./table-resources.ts";
import { Tables } from "./tables.ts";
import { addTransactionOperations } from "./transaction-operations.ts";

/** DynamoDB: tables with one primary key, expressions, conditional writes, transactions and time to live. */
export function dynamoDbService(context: RegionContext): ServiceModel {
  const client = new dynamodb.DynamoDBClient({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const service = new ServiceModel("dynamodb", dynamodb, client);
  const tables = new Tables(context);
  addTableOperations(service, tables);
  addItemOperations(service, tables);
  addReadOperations(service, tables);
  addBatchOperations(service, tables);
  addTransactionOperations(service, tables);
  return addTableResources(service, tables);
}
