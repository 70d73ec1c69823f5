import { ConditionalCheckFailedException, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { LOCK_KEY } from "../../contracts/ledger.ts";
import type { LedgerTable } from "./ledger-table.ts";

/** Who holds the environment's lock, as the workflow wrote it (lib/stack/workflow takes it without a Lambda). */
export interface Lock {
  readonly owner: string;
  readonly execution: string;
  readonly eventId: string;
  readonly fence: number;
  readonly leaseUntil: Date;
}

/** The lock if somebody holds it and its lease has not run out. */
export async function currentLock(ledger: LedgerTable, now: Date): Promise<Lock | undefined> {
  const item = await ledger.getItem(LOCK_KEY);
  const owner = item?.["owner"]?.S;
  const leaseUntil = new Date(Number(item?.["leaseUntil"]?.N ?? 0) * 1_000);
  if (!item || !owner || leaseUntil <= now) return undefined;
  return {
    owner,
    execution: item["execution"]?.S ?? "",
    eventId: item["eventId"]?.S ?? "",
    fence: Number(item["fence"]?.N ?? 0),
    leaseUntil,
  };
}

/** Gives the lock back if this owner still holds it; the fencing number stays, so the next holder's is higher. */
export async function releaseLock(ledger: LedgerTable, owner: string): Promise<boolean> {
  try {
    await ledger.client.send(
      new UpdateItemCommand({
        TableName: ledger.name,
        Key: ledger.keyOf(LOCK_KEY),
        UpdateExpression: "REMOVE #owner, leaseUntil, eventId, execution",
        ConditionExpression: "#owner = :owner",
        ExpressionAttributeNames: { "#owner": "owner" },
        ExpressionAttributeValues: { ":owner": { S: owner } },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
