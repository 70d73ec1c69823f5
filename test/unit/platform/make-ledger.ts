import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { LedgerTable } from "../../../lambdas/platform/ledger/ledger-table.ts";
import { makeDynamodb } from "../dynamodb/make-dynamodb.ts";

export const now = new Date("2026-11-21T10:00:00Z");

/** The lock item as the workflow writes it (lib/stack/workflow/ledger-lock.ts). */
interface LockItem {
  readonly owner: string;
  readonly fence: number;
  readonly execution: string;
  readonly eventId: string;
  /** Epoch seconds. */
  readonly leaseUntil: number;
}

/** The ledger of `prod` in the region's DynamoDB, reached through the SDK and the wire. */
export function makeLedger() {
  const dynamodb = makeDynamodb();
  const { client, run } = dynamodb;
  const ledger = new LedgerTable(client, { table: "ledger", environment: "prod" });
  const putItem = (key: string, attributes: Record<string, { S: string } | { N: string }>) =>
    run(() =>
      client.send(new PutItemCommand({ TableName: "ledger", Item: { ...ledger.keyOf(key), ...attributes } })),
    );
  return {
    ...dynamodb,
    ledger,
    clock: () => dynamodb.kernel.date(),
    /** Writes an item without asking any schema. */
    putItem,
    /** Another environment's ledger in the same table. */
    ledgerOf: (environment: string) => new LedgerTable(client, { table: "ledger", environment }),
    holdLock: ({ owner, fence, execution, eventId, leaseUntil }: Partial<LockItem> = {}) =>
      putItem("lock", {
        owner: { S: owner ?? "rb-1" },
        fence: { N: String(fence ?? 1) },
        execution: { S: execution ?? "arn:execution:1" },
        eventId: { S: eventId ?? "event-1" },
        leaseUntil: { N: String(leaseUntil ?? now.getTime() / 1_000 + 600) },
      }),
  };
}
