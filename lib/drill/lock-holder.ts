import { LEDGER, partitionOf } from "../../lambdas/contracts/ledger.ts";
import { LOCK_KEYS } from "../../lambdas/contracts/lock.ts";
import type { Stage } from "./stage.ts";

/** Who holds a lock of the stage's environment, a rollback's or a rehearsal's; `until` is its lease, epoch milliseconds. */
export async function lockHolder(
  stage: Stage,
): Promise<{ readonly owner: string; readonly until: number } | undefined> {
  const { region, ledgerTable: TableName, environment } = stage;
  for (const key of LOCK_KEYS) {
    const Key = {
      [LEDGER.partitionKey]: { S: partitionOf(environment.name) },
      [LEDGER.sortKey]: { S: key },
    };
    const answer = await region.operate("dynamodb", "GetItem", { TableName, Key, ConsistentRead: true });
    const item = answer["Item"] as { owner?: { S: string }; leaseUntil?: { N: string } } | undefined;
    if (item?.owner) return { owner: item.owner.S, until: Number(item.leaseUntil?.N ?? 0) * 1_000 };
  }
  return undefined;
}
