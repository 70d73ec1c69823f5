import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import type * as z from "zod";
import { StepbackError } from "../../contracts/errors.ts";
import { LEDGER, partitionOf } from "../../contracts/ledger.ts";

export type Key = Record<string, AttributeValue>;

/**
 * One environment's partition of the ledger. Documents are JSON in the attribute `body`, checked against their schema
 * on the way in and out; what conditions need stands beside it as attributes of its own. Reads are strongly consistent:
 * a decision on stale facts is a wrong decision.
 */
export class LedgerTable {
  readonly client: DynamoDBClient;
  readonly name: string;
  readonly #partition: string;

  constructor(
    client: DynamoDBClient,
    { table, environment }: { readonly table: string; readonly environment: string },
  ) {
    this.client = client;
    this.name = table;
    this.#partition = partitionOf(environment);
  }

  keyOf(sortKey: string): Key {
    return { [LEDGER.partitionKey]: { S: this.#partition }, [LEDGER.sortKey]: { S: sortKey } };
  }

  /** Documents whose sort key begins with `prefix`, newest key first, at most `limit`. */
  async list<T>(
    prefix: string,
    schema: z.ZodType<T>,
    { limit, newestFirst = true }: { limit: number; newestFirst?: boolean },
  ): Promise<T[]> {
    const documents: T[] = [];
    let from: Key | undefined;
    do {
      const page = await this.client.send(
        new QueryCommand({
          TableName: this.name,
          KeyConditionExpression: "#pk = :pk AND begins_with(#sk, :prefix)",
          ExpressionAttributeNames: { "#pk": LEDGER.partitionKey, "#sk": LEDGER.sortKey },
          ExpressionAttributeValues: { ":pk": { S: this.#partition }, ":prefix": { S: prefix } },
          ScanIndexForward: !newestFirst,
          ConsistentRead: true,
          Limit: limit,
          ...(from ? { ExclusiveStartKey: from } : {}),
        }),
      );
      documents.push(...(page.Items ?? []).map((item) => this.#parse(item, schema)));
      from = page.LastEvaluatedKey;
    } while (from && documents.length < limit);
    return documents.slice(0, limit);
  }

  async get<T>(sortKey: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const item = await this.getItem(sortKey);
    return item?.["body"] ? this.#parse(item, schema) : undefined;
  }

  async getItem(sortKey: string): Promise<Key | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.name, Key: this.keyOf(sortKey), ConsistentRead: true }),
    );
    return Item;
  }

  /** Writes a document; with `onlyIf: "absent"` answers false when one is there already. */
  async put<T>(
    sortKey: string,
    schema: z.ZodType<T>,
    document: T,
    options: { onlyIf?: "absent"; attributes?: Key } = {},
  ): Promise<boolean> {
    try {
      await this.client.send(
        new PutItemCommand({
          TableName: this.name,
          Item: {
            ...this.keyOf(sortKey),
            body: { S: JSON.stringify(schema.parse(document)) },
            ...options.attributes,
          },
          ...(options.onlyIf === "absent"
            ? {
                ConditionExpression: "attribute_not_exists(#pk)",
                ExpressionAttributeNames: { "#pk": LEDGER.partitionKey },
              }
            : {}),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  #parse<T>(item: Key, schema: z.ZodType<T>): T {
    const parsed = schema.safeParse(jsonOf(item["body"]?.S));
    if (parsed.success) return parsed.data;
    const key = item[LEDGER.sortKey]?.S ?? "?";
    throw new StepbackError(
      "LedgerCorrupt",
      `The ledger's item ${key} in ${this.name} does not match its schema: ${parsed.error.message}`,
    );
  }
}

/** What is not JSON matches no schema. */
function jsonOf(text = ""): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
