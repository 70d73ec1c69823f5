import {
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeDynamodb } from "./make-dynamodb.ts";

const TableName = "ledger";
const keyOf = (sk: string) => ({ pk: { S: "shop" }, sk: { S: sk } });
const put = (sk: string): TransactWriteItem => ({ Put: { TableName, Item: keyOf(sk) } });
const holds = (sk: string, owner: string): TransactWriteItem => ({
  ConditionCheck: {
    TableName,
    Key: keyOf(sk),
    ConditionExpression: "#owner = :owner",
    ExpressionAttributeNames: { "#owner": "owner" },
    ExpressionAttributeValues: { ":owner": { S: owner } },
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  },
});

function makeLedger() {
  const region = makeDynamodb();
  const { client, run } = region;
  return {
    ...region,
    transact: (TransactItems: TransactWriteItem[], ClientRequestToken?: string) =>
      run(() => client.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken }))),
    write: (item: Record<string, { S: string }>) =>
      run(() => client.send(new PutItemCommand({ TableName, Item: item }))),
    read: (sk: string) =>
      run(() => client.send(new GetItemCommand({ TableName, Key: keyOf(sk), ConsistentRead: true }))),
  };
}

describe("a write transaction", () => {
  it("writes nothing when one condition fails, and gives a reason for every action", async () => {
    const { transact, write, read } = makeLedger();
    await write({ ...keyOf("lock"), owner: { S: "rb-2" } });

    const refused = transact([put("journal"), holds("lock", "rb-1")]);

    await expect(refused).rejects.toMatchObject({
      name: "TransactionCanceledException",
      message:
        "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]",
      CancellationReasons: [
        { Code: "None" },
        {
          Code: "ConditionalCheckFailed",
          Message: "The conditional request failed",
          Item: { ...keyOf("lock"), owner: { S: "rb-2" } },
        },
      ],
    });
    expect((await read("journal")).Item).toBeUndefined();
  });

  it("puts, updates, deletes and checks together", async () => {
    const { transact, write, read } = makeLedger();
    await write({ ...keyOf("lock"), owner: { S: "rb-1" } });
    await write(keyOf("old"));

    await transact([
      put("journal"),
      {
        Update: {
          TableName,
          Key: keyOf("counter"),
          UpdateExpression: "ADD n :one",
          ExpressionAttributeValues: { ":one": { N: "1" } },
        },
      },
      { Delete: { TableName, Key: keyOf("old"), ConditionExpression: "attribute_exists(pk)" } },
      holds("lock", "rb-1"),
    ]);

    expect((await read("journal")).Item).toEqual(keyOf("journal"));
    expect((await read("counter")).Item?.["n"]).toEqual({ N: "1" });
    expect((await read("old")).Item).toBeUndefined();
    expect((await read("lock")).Item).toEqual({ ...keyOf("lock"), owner: { S: "rb-1" } });
  });

  it("is done once for a token, within ten minutes", async () => {
    const { transact, read, kernel } = makeLedger();
    const count: TransactWriteItem[] = [
      {
        Update: {
          TableName,
          Key: keyOf("counter"),
          UpdateExpression: "ADD n :one",
          ExpressionAttributeValues: { ":one": { N: "1" } },
        },
      },
    ];
    const counted = async () => (await read("counter")).Item?.["n"]?.N;

    await transact(count, "token-1");
    await transact(count, "token-1");
    expect(await counted()).toBe("1");
    await expect(transact([put("other")], "token-1")).rejects.toMatchObject({
      name: "IdempotentParameterMismatchException",
    });
    await kernel.runUntil(kernel.now + 10 * 60_000 + 1);
    await transact(count, "token-1");
    expect(await counted()).toBe("2");
  });

  it("refuses the same item twice, no action, and more than a hundred", async () => {
    const { transact } = makeLedger();

    await expect(transact([put("a"), holds("a", "rb-1")])).rejects.toThrow(
      "Transaction request cannot include multiple operations on one item",
    );
    await expect(transact([])).rejects.toThrow("greater than or equal to 1");
    await expect(transact(Array.from({ length: 101 }, (_, n) => put(`k${n}`)))).rejects.toThrow(
      "less than or equal to 100",
    );
  });

  it("names an update that cannot be done as a validation error and does none of the others", async () => {
    const { transact, read } = makeLedger();
    const impossible: TransactWriteItem = {
      Update: { TableName, Key: keyOf("b"), UpdateExpression: "SET a = nowhere" },
    };

    await expect(transact([put("a"), impossible])).rejects.toMatchObject({
      CancellationReasons: [{ Code: "None" }, { Code: "ValidationError" }],
    });
    expect((await read("a")).Item).toBeUndefined();
  });

  it("leaves either all of its writes or none, whatever the actions are", { timeout: 60_000 }, async () => {
    const action = fc.record({
      sk: fc.constantFrom("a", "b", "c", "d"),
      kind: fc.constantFrom("create", "replace", "delete"),
    });
    const transaction = fc.uniqueArray(action, { selector: ({ sk }) => sk, minLength: 1 });
    await fc.assert(
      fc.asyncProperty(fc.array(transaction, { minLength: 1, maxLength: 8 }), async (transactions) => {
        const { client, run, transact } = makeLedger();
        const model = new Set<string>();
        for (const actions of transactions) {
          const possible = actions.every(({ sk, kind }) => model.has(sk) === (kind !== "create"));
          const done = await transact(actions.map(toItem)).then(
            () => true,
            () => false,
          );
          expect(done).toBe(possible);
          for (const { sk, kind } of possible ? actions : []) {
            if (kind === "delete") model.delete(sk);
            else model.add(sk);
          }
        }
        const { Items: items = [] } = await run(() =>
          client.send(new ScanCommand({ TableName, ConsistentRead: true })),
        );
        expect(new Set(items.map((item) => item["sk"]?.S))).toEqual(model);
      }),
      { numRuns: 25 },
    );
  });
});

function toItem({ sk, kind }: { readonly sk: string; readonly kind: string }): TransactWriteItem {
  const exists = "attribute_exists(pk)";
  if (kind === "delete") return { Delete: { TableName, Key: keyOf(sk), ConditionExpression: exists } };
  const ConditionExpression = kind === "create" ? `NOT ${exists}` : exists;
  return { Put: { TableName, Item: keyOf(sk), ConditionExpression } };
}

describe("a read transaction", () => {
  it("returns an answer for every key in order, the present one even right after a write", async () => {
    const { client, run, write } = makeLedger();
    await write(keyOf("b"));

    const { Responses } = await run(() =>
      client.send(
        new TransactGetItemsCommand({
          TransactItems: [
            { Get: { TableName, Key: keyOf("a") } },
            { Get: { TableName, Key: keyOf("b"), ProjectionExpression: "sk" } },
          ],
        }),
      ),
    );

    expect(Responses).toEqual([{}, { Item: { sk: { S: "b" } } }]);
  });
});
