import { TransactionCanceledException, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import type { Clock, Journal } from "../../components/component.ts";
import { StepbackError } from "../../contracts/errors.ts";
import { JournalEntry, journalPrefix, LOCK_KEY } from "../../contracts/ledger.ts";
import type { LedgerTable } from "./ledger-table.ts";

/**
 * The journal of one rollback. Each entry is written together with a check that this rollback still holds the lock
 * under its fencing number, so that a holder that was thought dead cannot go on after somebody else took over.
 */
export function fencedJournal(
  ledger: LedgerTable,
  {
    rollbackId,
    fence,
    clock,
  }: { readonly rollbackId: string; readonly fence: number; readonly clock: Clock },
): Journal {
  return {
    read: (component) =>
      ledger.list(journalPrefix(rollbackId, component), JournalEntry, { limit: 100, newestFirst: false }),

    async write(component, step, facts) {
      const entry = JournalEntry.parse({ component, step, at: clock().toISOString(), facts });
      try {
        await ledger.client.send(
          new TransactWriteItemsCommand({
            TransactItems: [
              {
                ConditionCheck: {
                  TableName: ledger.name,
                  Key: ledger.keyOf(LOCK_KEY),
                  ConditionExpression: "#owner = :owner AND fence = :fence",
                  ExpressionAttributeNames: { "#owner": "owner" },
                  ExpressionAttributeValues: { ":owner": { S: rollbackId }, ":fence": { N: String(fence) } },
                },
              },
              {
                Put: {
                  TableName: ledger.name,
                  Item: {
                    ...ledger.keyOf(`${journalPrefix(rollbackId, component)}${step}`),
                    body: { S: JSON.stringify(entry) },
                  },
                },
              },
            ],
          }),
        );
      } catch (error) {
        if (!lockWasLost(error)) throw error;
        const message = `${rollbackId} wanted to ${step} ${component}, but no longer holds the lock (fence ${fence}); nothing was changed.`;
        throw new StepbackError("LockLost", message, { cause: error });
      }
    },
  };
}

function lockWasLost(error: unknown): boolean {
  if (!(error instanceof TransactionCanceledException)) return false;
  return error.CancellationReasons?.[0]?.Code === "ConditionalCheckFailed";
}
