import { TransactionCanceledException, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import type { Clock, Journal } from "../../components/component.ts";
import { StepbackError } from "../../contracts/errors.ts";
import { JournalEntry, journalPrefix, LOCK_KEY } from "../../contracts/ledger.ts";
import type { LedgerTable } from "./ledger-table.ts";

/** The lock as one rollback finds it: held by itself, given back with nobody having taken it since, or lost. */
type Standing = "held" | "released" | "lost";

/**
 * The journal of one rollback. Each entry is written together with a check that nobody else has taken the lock since
 * this rollback did, so that a holder that was thought dead cannot go on after somebody else took over.
 *
 * An execution that was stopped or timed out has its lock given back by the clean-up; a redrive of it goes on under its
 * old fencing number. It may, as long as nobody owns the lock and the number is still its own: every holder raises the
 * number, so one that took the lock and gave it back again is told apart from nobody.
 *
 * That is for invocations that found the lock given back. One that began as the holder and sees it given back while it
 * works may be the last breath of the stopped execution, whose function runs on: it writes nothing any more, else it
 * would undo what the clean-up tidied. It raises what the workflow tries again: a redriven execution asks anew, in a
 * new invocation, and of a stopped one nobody hears it. So one journal is for one invocation.
 */
export function fencedJournal(
  ledger: LedgerTable,
  {
    rollbackId,
    fence,
    clock,
  }: { readonly rollbackId: string; readonly fence: number; readonly clock: Clock },
): Journal {
  let atFirst: Standing | undefined;

  async function standing(): Promise<Standing> {
    const lock = await ledger.getItem(LOCK_KEY);
    const owner = lock?.["owner"]?.S;
    if (Number(lock?.["fence"]?.N) !== fence) return "lost";
    if (owner === undefined) return "released";
    return owner === rollbackId ? "held" : "lost";
  }

  async function lockLost(component: string, step: string, cause: unknown): Promise<StepbackError> {
    const wanted = `${rollbackId} wanted to ${step} ${component}, but`;
    if (atFirst === "held" && (await standing()) === "released") {
      const found = `its lock was given back while it worked (fence ${fence}); nothing was changed, it is tried again.`;
      return new StepbackError("AwsBusy", `${wanted} ${found}`, { cause });
    }
    const found = `no longer holds the lock (fence ${fence}); nothing was changed.`;
    return new StepbackError("LockLost", `${wanted} ${found}`, { cause });
  }

  return {
    async read(component) {
      atFirst ??= await standing();
      return ledger.list(journalPrefix(rollbackId, component), JournalEntry, {
        limit: 100,
        newestFirst: false,
      });
    },

    async write(component, step, facts) {
      atFirst ??= await standing();
      const entry = JournalEntry.parse({ component, step, at: clock().toISOString(), facts });
      try {
        await ledger.client.send(
          new TransactWriteItemsCommand({
            TransactItems: [
              {
                ConditionCheck: {
                  TableName: ledger.name,
                  Key: ledger.keyOf(LOCK_KEY),
                  ConditionExpression: atFirst === "released" ? MINE_OR_NOBODYS : MINE,
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
        throw lockWasLost(error) ? await lockLost(component, step, error) : error;
      }
    },
  };
}

const MINE = "#owner = :owner AND fence = :fence";
const MINE_OR_NOBODYS = "(#owner = :owner OR attribute_not_exists(#owner)) AND fence = :fence";

function lockWasLost(error: unknown): boolean {
  if (!(error instanceof TransactionCanceledException)) return false;
  return error.CancellationReasons?.[0]?.Code === "ConditionalCheckFailed";
}
