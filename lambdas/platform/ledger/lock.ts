import { ConditionalCheckFailedException, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { GIVES_WAY_TO, type LockKey } from "../../contracts/lock.ts";
import type { Key, LedgerTable } from "./ledger-table.ts";
import type { LockFacts } from "./lock-standing.ts";

/** Who holds a lock of the environment, as the workflow wrote it (lib/stack/workflow takes it without a Lambda). */
export interface Lock {
  readonly key: LockKey;
  readonly owner: string;
  readonly execution: string;
  readonly eventId: string;
  readonly fence: number;
  readonly redrives: number;
  readonly leaseUntil: Date;
  /** The clean-up has it, to put in order what its rollback left. */
  readonly tidying: boolean;
  /** Everything went back, and it only watches alarms any more: people need not wait for it. */
  readonly watching: boolean;
}

/** The lock if somebody holds it and its lease has not run out. */
export async function currentLock(ledger: LedgerTable, key: LockKey, now: Date): Promise<Lock | undefined> {
  const item = await ledger.getItem(key);
  const { owner, fence, redrives, tidying, watching } = lockFactsOf(item);
  const leaseUntil = new Date(Number(item?.["leaseUntil"]?.N ?? 0) * 1_000);
  if (!item || !owner || leaseUntil <= now) return undefined;
  return {
    ...{ key, owner, fence, redrives, tidying, watching, leaseUntil },
    execution: item["execution"]?.S ?? "",
    eventId: item["eventId"]?.S ?? "",
  };
}

/** What an item says; an absent one is a lock that nobody ever took. */
export function lockFactsOf(item: Key | undefined): LockFacts {
  return {
    owner: item?.["owner"]?.S,
    fence: Number(item?.["fence"]?.N ?? 0),
    redrives: Number(item?.["redrives"]?.N ?? 0),
    tidying: item?.["tidying"]?.BOOL === true,
    watching: item?.["givesWayTo"]?.S === GIVES_WAY_TO,
    resumable: item?.["resumable"]?.S,
  };
}

/**
 * The clean-up takes a stopped rollback's lock over, under a new fencing number: from now on no function that outlived
 * the execution writes an intention any more. Undefined when somebody else has it by now.
 */
export async function takeOverLock(ledger: LedgerTable, lock: Lock): Promise<Lock | undefined> {
  const { Attributes } = await unlessRefused(() =>
    ledger.client.send(
      new UpdateItemCommand({
        TableName: ledger.name,
        Key: ledger.keyOf(lock.key),
        UpdateExpression: "SET tidying = :true REMOVE givesWayTo ADD fence :one",
        ConditionExpression: "#owner = :owner AND execution = :execution",
        ExpressionAttributeNames: { "#owner": "owner" },
        ExpressionAttributeValues: {
          ":owner": { S: lock.owner },
          ":execution": { S: lock.execution },
          ":true": { BOOL: true },
          ":one": { N: "1" },
        },
        ReturnValues: "ALL_NEW",
      }),
    ),
  );
  return Attributes && { ...lock, fence: lockFactsOf(Attributes).fence };
}

/** How long a finishing may keep others waiting when it dies itself: as long as the clean-up looks. */
const FINISHING_SECONDS = 5 * 3_600;

/**
 * Takes a lock that nobody holds, to put right what a finished rollback left: functions of that rollback itself are
 * fenced off. Undefined when somebody has it.
 *
 * @param execution the clean-up's own: asked again after a lost reply, the same one gets its lock
 */
export async function takeFreeLock(
  ledger: LedgerTable,
  { key, owner, execution, now }: Pick<Lock, "key" | "owner" | "execution"> & { readonly now: Date },
): Promise<Lock | undefined> {
  const seconds = Math.floor(now.getTime() / 1_000);
  const { Attributes } = await unlessRefused(() =>
    ledger.client.send(
      new UpdateItemCommand({
        TableName: ledger.name,
        Key: ledger.keyOf(key),
        UpdateExpression:
          "SET #owner = :owner, execution = :execution, eventId = :event, leaseUntil = :until, tidying = :true, redrives = :none REMOVE resumable, givesWayTo ADD fence :one",
        ConditionExpression: "attribute_not_exists(#owner) OR leaseUntil < :now OR execution = :execution",
        ExpressionAttributeNames: { "#owner": "owner" },
        ExpressionAttributeValues: {
          ":owner": { S: owner },
          ":execution": { S: execution },
          ":event": { S: "" },
          ":until": { N: String(seconds + FINISHING_SECONDS) },
          ":now": { N: String(seconds) },
          ":none": { N: "0" },
          ":true": { BOOL: true },
          ":one": { N: "1" },
        },
        ReturnValues: "ALL_NEW",
      }),
    ),
  );
  if (!Attributes) return undefined;
  const leaseUntil = new Date((seconds + FINISHING_SECONDS) * 1_000);
  return {
    ...{ key, owner, execution, leaseUntil },
    ...{ eventId: "", fence: lockFactsOf(Attributes).fence, redrives: 0, tidying: true, watching: false },
  };
}

/**
 * Gives the lock back if this holder still has it; the fencing number stays, so the next holder's is higher.
 *
 * @param resumable whether a redrive of the same execution may take it again, as long as nobody else has
 */
export async function releaseLock(
  ledger: LedgerTable,
  { key, owner, fence }: Lock,
  { resumable = false }: { readonly resumable?: boolean } = {},
): Promise<boolean> {
  const gone = "#owner, leaseUntil, tidying, givesWayTo";
  const { released } = await unlessRefused(async () => {
    await ledger.client.send(
      new UpdateItemCommand({
        TableName: ledger.name,
        Key: ledger.keyOf(key),
        UpdateExpression: resumable
          ? `SET resumable = :owner REMOVE ${gone}`
          : `REMOVE ${gone}, resumable, execution, eventId`,
        ConditionExpression: "#owner = :owner AND fence = :fence",
        ExpressionAttributeNames: { "#owner": "owner" },
        ExpressionAttributeValues: { ":owner": { S: owner }, ":fence": { N: String(fence) } },
      }),
    );
    return { released: true };
  });
  return released === true;
}

/** Ends the lease of a lock that is kept: whoever wants it takes it, and nobody waits for what is left to do under it. */
export async function giveWay(ledger: LedgerTable, { key, owner, fence }: Lock): Promise<void> {
  await unlessRefused(() =>
    ledger.client.send(
      new UpdateItemCommand({
        TableName: ledger.name,
        Key: ledger.keyOf(key),
        UpdateExpression: "SET leaseUntil = :ended",
        ConditionExpression: "#owner = :owner AND fence = :fence",
        ExpressionAttributeNames: { "#owner": "owner" },
        ExpressionAttributeValues: {
          ":owner": { S: owner },
          ":fence": { N: String(fence) },
          // Long ago, and later than the 0 of a lock that nobody holds.
          ":ended": { N: "1" },
        },
      }),
    ),
  );
}

/** A condition that does not hold is an answer: nothing was written. */
async function unlessRefused<T extends object>(call: () => Promise<T>): Promise<Partial<T>> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return {};
    throw error;
  }
}
