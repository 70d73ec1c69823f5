import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { makeDynamodb, makeTableProperties, region, tableArn } from "./make-dynamodb.ts";

const TableName = "ledger";
const HOUR_MS = 3_600_000;

describe("a table", () => {
  it("comes from CloudFormation with the attributes that a stack refers to", async () => {
    const { table, client, run } = makeDynamodb();

    const created = await table;
    const { Table: described } = await run(() => client.send(new DescribeTableCommand({ TableName })));

    expect(created).toEqual({ ref: TableName, attributes: { Arn: tableArn, TableId: described?.TableId } });
    expect(described).toMatchObject({
      TableStatus: "ACTIVE",
      TableArn: tableArn,
      BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
      ItemCount: 0,
      DeletionProtectionEnabled: false,
    });
  });

  it("exists in one region only", async () => {
    const { deploy } = makeDynamodb();
    const Replicas = [{ Region: region }, { Region: "eu-central-1" }];

    await expect(
      deploy("AWS::DynamoDB::GlobalTable", makeTableProperties({ TableName: "other", Replicas })),
    ).rejects.toThrow("exactly one replica");
  });

  it("can be used only once it is ACTIVE and is gone some time after its deletion", async () => {
    const { client, run, kernel } = makeDynamodb();
    const Item = { id: { N: "1" } };
    const put = () => run(() => client.send(new PutItemCommand({ TableName: "fresh", Item })));
    const remove = () => run(() => client.send(new DeleteTableCommand({ TableName: "fresh" })));

    await run(() =>
      client.send(
        new CreateTableCommand({
          TableName: "fresh",
          AttributeDefinitions: [{ AttributeName: "id", AttributeType: "N" }],
          KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
          BillingMode: "PAY_PER_REQUEST",
        }),
      ),
    );
    await expect(put()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(remove()).rejects.toMatchObject({ name: "ResourceInUseException" });
    await kernel.runUntil(kernel.now + 60_000);
    await put();
    expect((await remove()).TableDescription?.TableStatus).toBe("DELETING");
    await kernel.runUntil(kernel.now + 60_000);
    expect((await run(() => client.send(new ListTablesCommand({})))).TableNames).toEqual([TableName]);
  });

  it("cannot be deleted while it is protected, not even by the operator", async () => {
    const protection = { Replicas: [{ Region: region, DeletionProtectionEnabled: true }] };
    const { client, run } = makeDynamodb({ table: protection });

    await expect(run(() => client.send(new DeleteTableCommand({ TableName })))).rejects.toThrow(
      "Resource cannot be deleted as it is currently protected against deletion.",
    );
  });
});

describe("time to live", () => {
  const timed = { TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true } };
  const Key = { pk: { S: "shop" }, sk: { S: "journal" } };

  it("deletes an expired item hours late, within two days, and leaves it readable until then", async () => {
    const { client, run, kernel } = makeDynamodb({ table: timed });
    const read = async () =>
      (await run(() => client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true })))).Item;
    await kernel.runUntil(kernel.now + HOUR_MS);
    const expiresAt = Math.floor(kernel.now / 1_000) + 60;

    const Item = { ...Key, expiresAt: { N: String(expiresAt) } };
    await run(() => client.send(new PutItemCommand({ TableName, Item })));
    await kernel.runUntil(expiresAt * 1_000 + 60_000);
    expect(await read()).toBeDefined();
    await kernel.runUntil(expiresAt * 1_000 + 48 * HOUR_MS);

    expect(await read()).toBeUndefined();
    expect(kernel.log.entries.at(-2)).toMatchObject({ source: "dynamodb", event: "item expired" });
  });

  it("spares an item whose time was extended, and items without a time", async () => {
    const { client, run, kernel } = makeDynamodb({ table: timed });
    await kernel.runUntil(kernel.now + HOUR_MS);
    const seconds = Math.floor(kernel.now / 1_000);
    const put = (sk: string, more: Record<string, { N: string } | { S: string }>) =>
      run(() =>
        client.send(new PutItemCommand({ TableName, Item: { pk: { S: "shop" }, sk: { S: sk }, ...more } })),
      );

    await put("extended", { expiresAt: { N: String(seconds + 10) } });
    await put("extended", { expiresAt: { N: String(seconds + 1_000_000) } });
    await put("text", { expiresAt: { S: String(seconds) } });
    await put("timeless", {});
    await put("ancient", { expiresAt: { N: String(seconds - 6 * 366 * 86_400) } });
    await put("expired", { expiresAt: { N: String(seconds - 1) } });
    await kernel.runUntil(kernel.now + 49 * HOUR_MS);

    const { Items: items = [] } = await run(() =>
      client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: "pk = :pk",
          ExpressionAttributeValues: { ":pk": { S: "shop" } },
          ConsistentRead: true,
        }),
      ),
    );
    expect(items.map((item) => item["sk"]?.S)).toEqual(["ancient", "extended", "text", "timeless"]);
  });

  it("takes up to an hour to be switched on and refuses another change meanwhile", async () => {
    const { client, run, kernel } = makeDynamodb();
    const status = async () =>
      (await run(() => client.send(new DescribeTimeToLiveCommand({ TableName })))).TimeToLiveDescription
        ?.TimeToLiveStatus;
    const change = (Enabled: boolean) =>
      run(() =>
        client.send(
          new UpdateTimeToLiveCommand({
            TableName,
            TimeToLiveSpecification: { AttributeName: "ttl", Enabled },
          }),
        ),
      );

    expect(await status()).toBe("DISABLED");
    await change(true);
    expect(await status()).toBe("ENABLING");
    await expect(change(false)).rejects.toThrow("modified multiple times within a fixed interval");
    await kernel.runUntil(kernel.now + HOUR_MS);
    expect(await status()).toBe("ENABLED");
  });
});

describe("permissions", () => {
  const item = (pk: string) => ({ pk: { S: pk }, sk: { S: "x" } });
  const policy = (Action: string[], leading?: string) => ({
    Statement: {
      Effect: "Allow" as const,
      Action,
      Resource: tableArn,
      ...(leading === undefined
        ? {}
        : { Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [leading] } } }),
    },
  });

  it("can be narrowed to a partition, in queries and batches too", async () => {
    const { clientOf, run } = makeDynamodb();
    const allowed = policy(["dynamodb:PutItem", "dynamodb:Query", "dynamodb:BatchWriteItem"], "shop");
    const client = clientOf("narrow", allowed);
    const put = (pk: string) => run(() => client.send(new PutItemCommand({ TableName, Item: item(pk) })));
    const query = (pk: string) =>
      run(() =>
        client.send(
          new QueryCommand({
            TableName,
            KeyConditionExpression: "pk = :pk",
            ExpressionAttributeValues: { ":pk": { S: pk } },
          }),
        ),
      );
    const batch = [{ PutRequest: { Item: item("shop") } }, { PutRequest: { Item: item("bank") } }];

    await put("shop");
    await query("shop");
    await expect(put("bank")).rejects.toMatchObject({ name: "AccessDeniedException" });
    await expect(query("bank")).rejects.toMatchObject({ name: "AccessDeniedException" });
    await expect(
      run(() => client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: batch } }))),
    ).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  it("of a transaction are those of the operations inside it", async () => {
    const { clientOf, run } = makeDynamodb();
    const transaction = new TransactWriteItemsCommand({
      TransactItems: [
        { Put: { TableName, Item: item("shop") } },
        { ConditionCheck: { TableName, Key: item("bank"), ConditionExpression: "attribute_not_exists(pk)" } },
      ],
    });
    const writer = clientOf("writer", policy(["dynamodb:PutItem", "dynamodb:TransactWriteItems"]));
    const checker = clientOf("checker", policy(["dynamodb:PutItem", "dynamodb:ConditionCheckItem"]));

    await expect(run(() => writer.send(transaction))).rejects.toThrow("dynamodb:ConditionCheckItem");
    await run(() => checker.send(transaction));
  });
});
