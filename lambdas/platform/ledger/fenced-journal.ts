import {
  ConditionalCheckFailedException,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import type { Clock, Journal } from "../../components/component.ts";
import { StepbackError } from "../../contracts/errors.ts";
import { JournalEntry, journalPrefix } from "../../contracts/ledger.ts";
import type { LockKey } from "../../contracts/lock.ts";
import type { LedgerTable } from "./ledger-table.ts";
import { lockFactsOf } from "./lock.ts";
import { type Claim, type LockStanding, lockStandingOf } from "./lock-standing.ts";

/**
 * The journal of one rollback for one invocation. Each entry is written together with a check that the lock is still
 * held under the fencing number that this invocation found, so that a holder that was thought dead cannot go on after
 * somebody else took over: another rollback, or the clean-up after a stop.
 *
 * A redriven run finds the lock given back, and takes it again with its first word. While the clean-up is still at work
 * it is told to come again (`BeingTidied`).
 */
export class FencedJournal implements Journal {
  readonly #ledger: LedgerTable;
  readonly #lock: LockKey;
  readonly #claim: Claim;
  readonly #clock: Clock;
  /** The fencing number that this invocation acts under, once it has looked. */
  #fence: number | undefined;

  constructor(ledger: LedgerTable, claim: Claim & { readonly lock: LockKey; readonly clock: Clock }) {
    this.#ledger = ledger;
    this.#lock = claim.lock;
    this.#claim = claim;
    this.#clock = claim.clock;
  }

  async read(component: string): Promise<readonly JournalEntry[]> {
    await this.#enter(`look at ${component}`);
    return this.#ledger.list(journalPrefix(this.#claim.rollbackId, component), JournalEntry, {
      limit: 100,
      newestFirst: false,
    });
  }

  async write(component: string, step: string, facts: JournalEntry["facts"]): Promise<void> {
    const doing = `${step} ${component}`;
    const fence = await this.#enter(doing);
    if (fence === undefined) throw this.#lost(doing);
    const entry = JournalEntry.parse({ component, step, at: this.#clock().toISOString(), facts });
    const { name: TableName } = this.#ledger;
    const { rollbackId } = this.#claim;
    const held = {
      TableName,
      Key: this.#ledger.keyOf(this.#lock),
      ConditionExpression: "#owner = :owner AND fence = :fence",
      ExpressionAttributeNames: { "#owner": "owner" },
      ExpressionAttributeValues: { ":owner": { S: rollbackId }, ":fence": { N: String(fence) } },
    };
    const Item = {
      ...this.#ledger.keyOf(`${journalPrefix(rollbackId, component)}${step}`),
      body: { S: JSON.stringify(entry) },
    };
    try {
      await this.#ledger.client.send(
        new TransactWriteItemsCommand({
          TransactItems: [{ ConditionCheck: held }, { Put: { TableName, Item } }],
        }),
      );
    } catch (error) {
      throw lockWasLost(error) ? await this.#whyLost(doing, error) : error;
    }
  }

  /** The fencing number to act under; undefined when the lock is somebody else's. */
  async #enter(doing: string): Promise<number | undefined> {
    if (this.#fence !== undefined) return this.#fence;
    const { standing, fence } = await this.#look();
    if (standing === "being-tidied") throw this.#beingTidied(doing);
    if (standing === "held") this.#fence = fence;
    if (standing === "resumable") this.#fence = await this.#takeAgain(doing);
    return this.#fence;
  }

  async #look(): Promise<{ readonly standing: LockStanding; readonly fence: number }> {
    const facts = lockFactsOf(await this.#ledger.getItem(this.#lock));
    return { standing: lockStandingOf(facts, this.#claim), fence: facts.fence };
  }

  /** Two functions of one wave may come here at the same moment: one of them is refused, and finds the lock held. */
  async #takeAgain(doing: string): Promise<number> {
    const item = (await this.#ledger.getItem(this.#lock)) ?? {};
    const { fence } = lockFactsOf(item);
    const { resumable: _, ...kept } = item;
    const { rollbackId, redrives } = this.#claim;
    const leaseSeconds = Number(item["leaseSeconds"]?.N ?? 0);
    const now = this.#clock();
    const Item = {
      ...kept,
      owner: { S: rollbackId },
      fence: { N: String(fence + 1) },
      redrives: { N: String(redrives) },
      leaseUntil: { N: String(Math.floor(now.getTime() / 1_000) + leaseSeconds) },
      takenAt: { S: now.toISOString() },
    };
    try {
      // The whole item: it takes no grant beyond the journal's own.
      await this.#ledger.client.send(
        new PutItemCommand({
          TableName: this.#ledger.name,
          Item,
          ConditionExpression: "attribute_not_exists(#owner) AND resumable = :owner AND fence = :fence",
          ExpressionAttributeNames: { "#owner": "owner" },
          ExpressionAttributeValues: { ":owner": { S: rollbackId }, ":fence": { N: String(fence) } },
        }),
      );
      return fence + 1;
    } catch (error) {
      throw error instanceof ConditionalCheckFailedException ? this.#askAgain(doing, error) : error;
    }
  }

  /** Why the lock is no longer held under the number that was found: for good, or to ask again. */
  async #whyLost(doing: string, cause: unknown): Promise<StepbackError> {
    this.#fence = undefined;
    const { standing } = await this.#look();
    if (standing === "lost") return this.#lost(doing, cause);
    return standing === "being-tidied" ? this.#beingTidied(doing, cause) : this.#askAgain(doing, cause);
  }

  #lost(doing: string, cause?: unknown): StepbackError {
    const { rollbackId, fence } = this.#claim;
    const message = `${rollbackId} wanted to ${doing}, but no longer holds the lock (fence ${fence}); nothing was changed.`;
    return new StepbackError("LockLost", message, { cause });
  }

  #beingTidied(doing: string, cause?: unknown): StepbackError {
    const message = `${this.#claim.rollbackId} wanted to ${doing}, but the clean-up is putting back what its stop left; it goes on afterwards.`;
    return new StepbackError("BeingTidied", message, { cause });
  }

  #askAgain(doing: string, cause: unknown): StepbackError {
    const message = `${this.#claim.rollbackId} wanted to ${doing}, but its lock changed while it worked; nothing was changed, it is tried again.`;
    return new StepbackError("AwsBusy", message, { cause });
  }
}

function lockWasLost(error: unknown): boolean {
  if (!(error instanceof TransactionCanceledException)) return false;
  return error.CancellationReasons?.[0]?.Code === "ConditionalCheckFailed";
}
