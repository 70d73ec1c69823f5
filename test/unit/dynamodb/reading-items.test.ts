import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeDynamodb } from "./make-dynamodb.ts";

const TableName = "ledger";
const Key = { pk: { S: "shop" }, sk: { S: "lock" } };

describe("reading items", () => {
  it("sees every finished write when strongly consistent, and may miss the last second of them when not", {
    timeout: 60_000,
  }, async () => {
    const { client, run, kernel } = makeDynamodb();
    const stale = { consistent: 0, eventual: 0, later: 0 };
    const read = async (ConsistentRead: boolean, fence: string) => {
      const { Item } = await client.send(new GetItemCommand({ TableName, Key, ConsistentRead }));
      return Item?.["fence"]?.N === fence ? 0 : 1;
    };

    for (let fence = 1; fence <= 60; fence++) {
      const Item = { ...Key, fence: { N: String(fence) } };
      await run(() => client.send(new PutItemCommand({ TableName, Item })));
      stale.consistent += await run(() => read(true, String(fence)));
      stale.eventual += await run(() => read(false, String(fence)));
      await kernel.runUntil(kernel.now + 1_001);
      stale.later += await run(() => read(false, String(fence)));
    }

    expect(stale).toEqual({ consistent: 0, eventual: expect.any(Number), later: 0 });
    expect(stale.eventual).toBeGreaterThan(0);
  });

  it("pages through a partition in the order of UTF-8 bytes, forwards and backwards, whatever the limit", {
    timeout: 60_000,
  }, async () => {
    const keys = fc.uniqueArray(fc.string({ unit: "grapheme", minLength: 1, maxLength: 6 }), {
      maxLength: 25,
    });
    await fc.assert(
      fc.asyncProperty(
        keys,
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        async (sortKeys, Limit, forward) => {
          const { client, run, kernel } = makeDynamodb();
          for (const sk of sortKeys) {
            const Item = { pk: { S: "p" }, sk: { S: sk } };
            await run(() => client.send(new PutItemCommand({ TableName, Item })));
          }
          const found: (string | undefined)[] = [];
          let start: QueryCommand["input"]["ExclusiveStartKey"];
          do {
            const page = await run(() =>
              client.send(
                new QueryCommand({
                  TableName,
                  KeyConditionExpression: "pk = :p",
                  ExpressionAttributeValues: { ":p": { S: "p" } },
                  ConsistentRead: true,
                  ScanIndexForward: forward,
                  ExclusiveStartKey: start,
                  Limit,
                }),
              ),
            );
            found.push(...(page.Items ?? []).map((item) => item["sk"]?.S));
            start = page.LastEvaluatedKey;
          } while (start !== undefined);

          const expected = [...sortKeys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
          expect(found).toEqual(forward ? expected : expected.reverse());
          expect(kernel.now).toBe(Date.parse("2026-11-21T10:00:00Z"));
        },
      ),
      { numRuns: 30 },
    );
  });

  it("filters after the limit has counted and narrows by sort key before", async () => {
    const { client, run } = makeDynamodb();
    for (const [sk, n] of [
      ["a#1", "1"],
      ["a#2", "2"],
      ["b#1", "3"],
    ] as const) {
      const Item = { pk: { S: "p" }, sk: { S: sk }, n: { N: n } };
      await run(() => client.send(new PutItemCommand({ TableName, Item })));
    }

    const page = await run(() =>
      client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: "pk = :p AND begins_with(sk, :a)",
          FilterExpression: "n > :one",
          ProjectionExpression: "n",
          ExpressionAttributeValues: { ":p": { S: "p" }, ":a": { S: "a#" }, ":one": { N: "1" } },
          ConsistentRead: true,
        }),
      ),
    );

    expect(page).toMatchObject({ Items: [{ n: { N: "2" } }], Count: 1, ScannedCount: 2 });
    expect(page.LastEvaluatedKey).toBeUndefined();
  });

  it.each([
    ["sk = :v", "Query condition missed key schema element: pk"],
    ["pk > :v", "Query key condition not supported"],
    ["pk = :v OR sk = :v", "Invalid operator used in KeyConditionExpression: OR"],
    ["pk = :v AND n = :v", "Query condition missed key schema element: sk"],
    ["pk = :v AND pk = :v", "KeyConditionExpressions must only contain one condition per key"],
    ["pk = :v AND contains(sk, :v)", "Invalid operator used in KeyConditionExpression: contains"],
  ])("refuses to query by %s", async (KeyConditionExpression, message) => {
    const { client, run } = makeDynamodb();
    const ExpressionAttributeValues = { ":v": { S: "v" } };
    const query = new QueryCommand({ TableName, KeyConditionExpression, ExpressionAttributeValues });

    await expect(run(() => client.send(query))).rejects.toThrow(message);
  });

  it("ends a page at one megabyte and a batch at sixteen, and both can be continued", {
    timeout: 60_000,
  }, async () => {
    const { client, run } = makeDynamodb();
    const keys = Array.from({ length: 45 }, (_, n) => ({ pk: { S: `p${n}` }, sk: { S: "s" } }));
    for (const key of keys) {
      const write = { PutRequest: { Item: { ...key, big: { S: "x".repeat(390_000) } } } };
      await run(() => client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: [write] } })));
    }

    const scan = await run(() => client.send(new ScanCommand({ TableName, ConsistentRead: true })));
    const rest = await run(() =>
      client.send(
        new ScanCommand({
          TableName,
          ConsistentRead: true,
          ExclusiveStartKey: scan.LastEvaluatedKey,
          Select: "COUNT",
        }),
      ),
    );
    const batch = await run(() =>
      client.send(
        new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: keys, ConsistentRead: true } } }),
      ),
    );

    expect(scan.Count).toBe(3);
    expect(rest.Items).toBeUndefined();
    expect(rest.LastEvaluatedKey).not.toEqual(scan.LastEvaluatedKey);
    expect(batch.Responses?.[TableName]).toHaveLength(43);
    expect(batch.UnprocessedKeys?.[TableName]?.Keys).toHaveLength(2);
  });
});
