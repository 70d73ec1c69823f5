import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { makeDynamodb } from "./make-dynamodb.ts";

const TableName = "ledger";
const Key = { pk: { S: "shop" }, sk: { S: "lock" } };

describe("writing items", () => {
  it("creates an item only once when asked to, and returns the one in the way", async () => {
    const { client, run } = makeDynamodb();
    const put = (fence: string) =>
      new PutItemCommand({
        TableName,
        Item: { ...Key, fence: { N: fence } },
        ConditionExpression: "attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });

    await run(() => client.send(put("1")));
    const refused = run(() => client.send(put("2")));

    await expect(refused).rejects.toMatchObject({
      name: "ConditionalCheckFailedException",
      message: "The conditional request failed",
      Item: { ...Key, fence: { N: "1" } },
    });
    await expect(refused).rejects.toBeInstanceOf(ConditionalCheckFailedException);
  });

  it("returns the values an update was asked for", async () => {
    const { client, run } = makeDynamodb();
    const update = (ReturnValues: "ALL_OLD" | "ALL_NEW" | "UPDATED_OLD" | "UPDATED_NEW") =>
      run(() =>
        client.send(
          new UpdateItemCommand({
            TableName,
            Key,
            UpdateExpression: "SET note = :note ADD fence :one",
            ExpressionAttributeValues: { ":note": { S: ReturnValues }, ":one": { N: "1" } },
            ReturnValues,
          }),
        ),
      );

    expect((await update("UPDATED_OLD")).Attributes).toBeUndefined();
    expect((await update("UPDATED_NEW")).Attributes).toEqual({
      note: { S: "UPDATED_NEW" },
      fence: { N: "2" },
    });
    expect((await update("ALL_OLD")).Attributes).toEqual({
      ...Key,
      note: { S: "UPDATED_NEW" },
      fence: { N: "2" },
    });
    expect((await update("ALL_NEW")).Attributes).toEqual({
      ...Key,
      note: { S: "ALL_NEW" },
      fence: { N: "4" },
    });
  });

  it("deletes an item and gives it back, binary and sets included", async () => {
    const { client, run } = makeDynamodb();
    const Item = { ...Key, raw: { B: Uint8Array.of(0, 255) }, set: { NS: ["1", "2"] }, off: { BOOL: false } };

    await run(() => client.send(new PutItemCommand({ TableName, Item })));
    const deleted = await run(() =>
      client.send(
        new DeleteItemCommand({ TableName, Key, ReturnValues: "ALL_OLD", ReturnConsumedCapacity: "TOTAL" }),
      ),
    );
    const read = await run(() => client.send(new GetItemCommand({ TableName, Key, ConsistentRead: true })));

    expect(deleted.Attributes).toEqual(Item);
    expect(deleted.ConsumedCapacity).toEqual({ TableName, CapacityUnits: 1 });
    expect(read.Item).toBeUndefined();
    expect(read.ConsumedCapacity).toBeUndefined();
  });

  it.each([
    ["a key that lacks its sort key", { pk: { S: "a" } }, "Missing the key sk in the item"],
    [
      "a key of the wrong type",
      { pk: { S: "a" }, sk: { N: "1" } },
      "Type mismatch for key sk expected: S actual: N",
    ],
    ["an empty key", { pk: { S: "" }, sk: { S: "a" } }, "cannot contain an empty string value. Key: pk"],
    ["an empty set", { ...Key, set: { SS: [] } }, "An string set  may not be empty"],
    ["a set with duplicates", { ...Key, set: { NS: ["1", "1.0"] } }, "Input collection contains duplicates"],
    [
      "more than 400 KB",
      { ...Key, big: { S: "x".repeat(409_600) } },
      "Item size has exceeded the maximum allowed size",
    ],
  ])("refuses %s", async (_what, Item, message) => {
    const { client, run } = makeDynamodb();

    await expect(run(() => client.send(new PutItemCommand({ TableName, Item })))).rejects.toThrow(message);
  });

  it("refuses to change a key attribute, an unknown table and what is not modelled", async () => {
    const { client, run } = makeDynamodb();
    const change = new UpdateItemCommand({
      TableName,
      Key,
      UpdateExpression: "SET sk = :x",
      ExpressionAttributeValues: { ":x": { S: "x" } },
    });

    await expect(run(() => client.send(change))).rejects.toThrow(
      "Cannot update attribute sk. This attribute is part of the key",
    );
    await expect(
      run(() => client.send(new GetItemCommand({ TableName: "other", Key }))),
    ).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Requested resource not found",
    });
    await expect(
      run(() => client.send(new GetItemCommand({ TableName, Key: { pk: { S: "shop" } } }))),
    ).rejects.toThrow("The provided key element does not match the schema");
    await expect(
      run(() => client.send(new ScanCommand({ TableName, IndexName: "byOwner" }))),
    ).rejects.toThrow("does not model the member IndexName");
  });
});
