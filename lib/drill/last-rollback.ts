import { LEDGER, partitionOf, RollbackRecord, rollbackKey } from "../../lambdas/contracts/ledger.ts";
import type { Stage } from "./stage.ts";

/** The newest rollback in the ledger of the stage's environment that changed something, however it ended. */
export async function lastRollback(stage: Stage): Promise<RollbackRecord | undefined> {
  return (await rollbacksInLedger(stage))[0];
}

/** All that changed something, newest first. */
export async function rollbacksInLedger(stage: Stage): Promise<readonly RollbackRecord[]> {
  const { region, ledgerTable: TableName, environment } = stage;
  const answer = await region.operate("dynamodb", "Query", {
    TableName,
    KeyConditionExpression: "#pk = :pk AND begins_with(#sk, :prefix)",
    ExpressionAttributeNames: { "#pk": LEDGER.partitionKey, "#sk": LEDGER.sortKey },
    ExpressionAttributeValues: {
      ":pk": { S: partitionOf(environment.name) },
      ":prefix": { S: rollbackKey("rb-") },
    },
    ScanIndexForward: false,
    ConsistentRead: true,
  });
  const items = (answer["Items"] ?? []) as readonly { readonly body?: { readonly S: string } }[];
  return items
    .map(({ body }) => RollbackRecord.parse(JSON.parse(body?.S ?? "null")))
    .filter(({ mode, moves }) => mode !== "rehearse" && moves.length > 0);
}
