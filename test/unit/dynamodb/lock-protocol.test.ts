import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Kernel } from "../../../lib/region/kernel/kernel.ts";
import { makeDynamodb } from "./make-dynamodb.ts";

const TableName = "ledger";
const Key = { pk: { S: "shop" }, sk: { S: "lock" } };

/** A time during which a taker may believe that it holds the lock. */
interface Holding {
  readonly owner: string;
  readonly fence: number;
  readonly from: number;
  readonly until: number;
}

/**
 * What one taker does: waits, takes the lock for a while if it is free, holds it, gives it back or just
 * forgets.
 */
interface Turn {
  readonly waitMs: number;
  readonly leaseMs: number;
  readonly workMs: number;
  readonly releases: boolean;
}

const turn = fc.record({
  waitMs: fc.integer({ min: 0, max: 120 }),
  leaseMs: fc.integer({ min: 1, max: 200 }),
  workMs: fc.integer({ min: 0, max: 250 }),
  releases: fc.boolean(),
});

it("never gives a lease to two takers at once, and never the same fencing number twice", {
  timeout: 60_000,
}, async () => {
  let contested = 0;
  const turns = fc.array(turn, { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.nat(), turns, turns, async (seed, first, second) => {
      const { kernel, client } = makeDynamodb({ seed, latency: { fromMs: 1, toMs: 40 } });
      const holdings: Holding[] = [];
      let refusals = 0;
      const play = async (owner: string, plan: readonly Turn[]) => {
        for (const next of plan) {
          const outcome = await takeTurn(kernel, client, owner, next);
          if (outcome === "refused") refusals++;
          else holdings.push(outcome);
        }
      };

      await kernel.complete(
        Promise.all([
          kernel.activity("first", () => play("first", first)),
          kernel.activity("second", () => play("second", second)),
        ]),
      );

      contested += refusals;
      const inOrder = holdings.sort((a, b) => a.fence - b.fence);
      expect(inOrder.map(({ fence }) => fence)).toEqual(inOrder.map((_, index) => index + 1));
      // When the answer came after the end of the lease, the taker knew that it held nothing.
      const held = inOrder.filter(({ from, until }) => from < until);
      for (const [index, holding] of held.entries()) {
        const before = held[index - 1];
        if (before) expect(holding.from).toBeGreaterThanOrEqual(before.until);
      }
    }),
    { numRuns: 60 },
  );
  expect(contested).toBeGreaterThan(20);
});

async function takeTurn(
  kernel: Kernel,
  client: DynamoDBClient,
  owner: string,
  { waitMs, leaseMs, workMs, releases }: Turn,
): Promise<Holding | "refused"> {
  await kernel.sleep(waitMs);
  const leaseUntil = kernel.now + leaseMs;
  const fence = await take(client, owner, kernel.now, leaseUntil);
  if (fence === undefined) return "refused";
  const from = kernel.now;
  await kernel.sleep(workMs);
  const until = releases ? Math.min(leaseUntil, kernel.now) : leaseUntil;
  if (releases) await release(client, owner);
  return { owner, fence, from, until };
}

async function take(
  client: DynamoDBClient,
  owner: string,
  now: number,
  until: number,
): Promise<number | undefined> {
  const command = new UpdateItemCommand({
    TableName,
    Key,
    UpdateExpression: "SET #owner = :owner, leaseUntil = :until ADD fence :one",
    ConditionExpression: "attribute_not_exists(#owner) OR leaseUntil < :now",
    ExpressionAttributeNames: { "#owner": "owner" },
    ExpressionAttributeValues: {
      ":owner": { S: owner },
      ":until": { N: String(until) },
      ":now": { N: String(now) },
      ":one": { N: "1" },
    },
    ReturnValues: "UPDATED_NEW",
  });
  return unlessRefused(async () => Number((await client.send(command)).Attributes?.["fence"]?.N));
}

async function release(client: DynamoDBClient, owner: string): Promise<void> {
  const command = new UpdateItemCommand({
    TableName,
    Key,
    UpdateExpression: "REMOVE #owner, leaseUntil",
    ConditionExpression: "#owner = :owner",
    ExpressionAttributeNames: { "#owner": "owner" },
    ExpressionAttributeValues: { ":owner": { S: owner } },
  });
  await unlessRefused(async () => void (await client.send(command)));
}

async function unlessRefused<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
