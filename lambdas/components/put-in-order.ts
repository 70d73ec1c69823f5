import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { RollbackRecord, rollbackKey, type Unfinished } from "../contracts/ledger.ts";
import { PlannedRollback } from "../contracts/plan.ts";
import type { Tick } from "../contracts/tick.ts";
import { incompleteIn, withIncomplete } from "../domain/incomplete.ts";
import { mayBeRedriven } from "../domain/may-be-redriven.ts";
import { recordOf, touchedIn } from "../domain/rollback-record.ts";
import { unfinishedIn } from "../domain/unfinished.ts";
import { isTransient } from "../platform/aws-errors.ts";
import type { LedgerTable } from "../platform/ledger/ledger-table.ts";
import { giveWay, type Lock, releaseLock, takeOverLock } from "../platform/ledger/lock.ts";
import { readJournals } from "../platform/ledger/read-journals.ts";
import type { Clock } from "./component.ts";
import { isOnlyRemoving, isUnfinished, type Tidying, tidyAll } from "./tidy-all.ts";

export interface OrderServices {
  readonly ledger: LedgerTable;
  readonly s3: S3Client;
  readonly invokeMover: Tidying["invokeMover"];
  readonly bucket: string;
  readonly environment: string;
  readonly clock: Clock;
  readonly sleep: (seconds: number) => Promise<void>;
  readonly remainingMillis: () => number;
}

/** What is to be put in order, and how often that was tried before. */
export interface Disorder {
  readonly looks: number;
  readonly startedAt: Date;
  /** It died, and may go on where it stopped: a redrive. */
  readonly died: boolean;
  /** Components that a person has put in order. */
  readonly inOrder?: readonly string[];
}

/** What became of it. */
export interface PutInOrder {
  /** False while something is still being put back. */
  readonly finished: boolean;
  readonly released: boolean;
  /** What each component said. */
  readonly tidied: string[];
  /** Whether a redrive may go on with its plan. */
  readonly resumable: boolean;
  /** Whether anything was, or may have been, changed that an undo would take back. */
  readonly undoable: boolean;
  readonly unfinished?: Unfinished;
}

export const NOTHING_HELD: PutInOrder = {
  ...{ tidied: [], finished: true, released: false, resumable: false, undoable: false },
};

/**
 * How long a call may still be on its way that a function of the stopped execution announced before the lock was taken
 * over: three attempts of twelve seconds (CLIENT_OPTIONS), and the pauses between them.
 */
const LATE_CALL_SECONDS = 40;

/**
 * Looks of five minutes each: five hours. RDS creates a copy and backs it up for up to three hours
 * (docs/facts/performance-reliability.md A1), in which it may let go of nothing (docs/fidelity.md); and a test that renames once took 12 minutes longer than one that does not
 * (docs/facts/database.md §5, terraform#6094); what two of them and a deletion have not ended by then is people's.
 */
export const MOST_LOOKS = 60;

/**
 * Under a fencing number of its own, so that functions which outlived the execution announce nothing any more. What they
 * had announced before may still arrive: everything is put back at once, and looked at again when nothing can come.
 */
export async function putInOrder(
  lock: Lock,
  { looks, startedAt, died, inOrder = [] }: Disorder,
  services: OrderServices,
): Promise<PutInOrder> {
  const planned = await plannedOf(lock, services);
  const mine = await takeOverLock(services.ledger, lock);
  if (!mine) return NOTHING_HELD;
  if ("problem" in planned) {
    // What was left before is left now.
    const known = await services.ledger.get(rollbackKey(lock.owner), RollbackRecord);
    const left = known?.unfinished ? { unfinished: known.unfinished } : {};
    const released = await releaseLock(services.ledger, mine);
    return { ...NOTHING_HELD, ...left, tidied: [planned.problem], released };
  }
  const tidying = { ...services, inOrder };
  const isLast = looks >= MOST_LOOKS;
  const first = await tidyAll(planned, mine, tidying);
  if (!isLast && first.some(isUnfinished)) {
    // Later than any late call; the next rollback may be an emergency's.
    if (looks > 0 && isOnlyRemoving(planned, first)) {
      const settled = first.filter(({ status }) => status !== "working");
      await remember(planned, { startedAt, ticks: settled, inOrder }, services);
      await giveWay(services.ledger, mine);
    }
    return stillAtIt(first);
  }
  if (services.remainingMillis() > LATE_CALL_SECONDS * 2_000) await services.sleep(LATE_CALL_SECONDS);
  const second = await tidyAll(planned, mine, tidying);
  if (!isLast && second.some(isUnfinished)) return stillAtIt(second);
  const { undoable, unfinished } = await remember(planned, { startedAt, ticks: second, inOrder }, services);
  const resumable = died && mayBeRedriven(planned.plan);
  const released = await releaseLock(services.ledger, mine, { resumable });
  const tidied = first.map((tick) => lineOf(truer(tick, second)));
  return { tidied, finished: true, released, resumable, undoable, ...(unfinished ? { unfinished } : {}) };
}

const lineOf = ({ component, note }: Tick) => `${component}: ${note}`;
const stillAtIt = (ticks: readonly Tick[]): PutInOrder => ({
  ...NOTHING_HELD,
  tidied: ticks.map(lineOf),
  finished: false,
});

/** What the first look did is told, unless the second one knows better. */
function truer(first: Tick, later: readonly Tick[]): Tick {
  const second = later.find(({ component, verb }) => component === first.component && verb === first.verb);
  return second && (second.status !== "done" || first.status !== "done") ? second : first;
}

interface Seen extends Required<Pick<Disorder, "startedAt" | "inOrder">> {
  /** What the components said last. */
  readonly ticks: readonly Tick[];
}

/**
 * Writes the record that the execution could not write, so that what it had done can be undone, and its event is not acted
 * on again. One that the execution wrote itself stays, but for what is left. A redriven execution replaces it at its own
 * end.
 *
 * @returns whether there is anything to undo, and what is left
 */
async function remember(
  planned: PlannedRollback,
  { startedAt, ticks, inOrder }: Seen,
  services: OrderServices,
): Promise<Pick<PutInOrder, "undoable" | "unfinished">> {
  const { ledger, bucket, environment, clock } = services;
  const key = rollbackKey(planned.rollbackId);
  const known = await ledger.get(key, RollbackRecord);
  const journals = await readJournals(ledger, planned);
  const noted = new Map([...journals].filter(([component]) => !inOrder.includes(component)));
  const unfinished = unfinishedIn(planned.plan, ticks, noted);
  const left = unfinished ? { unfinished } : {};
  if (known && known.outcome !== "Stopped") {
    const { unfinished: _, ...rest } = known;
    await ledger.put(key, RollbackRecord, withIncomplete({ ...rest, ...left }, incompleteIn(journals)));
    return { undoable: known.moves.length > 0, ...left };
  }
  const record = recordOf(planned, journals, {
    outcome: "Stopped",
    startedAt: startedAt.toISOString(),
    endedAt: clock().toISOString(),
    touched: touchedIn(journals),
    incomplete: incompleteIn(journals),
    report: `s3://${bucket}/${evidenceOf(environment, planned.rollbackId)}`,
    unfinished,
  });
  await ledger.put(key, RollbackRecord, record);
  return { undoable: record.moves.length > 0, ...left };
}

/** The plan, as the workflow wrote it at the start. */
const evidenceOf = (environment: string, rollbackId: string) => `${environment}/${rollbackId}/plan.json`;

/**
 * The evidence that the workflow wrote at the start. Missing or unreadable, it must not keep the lock from being
 * released and people from being told; trouble that passes is thrown, and Lambda calls again.
 */
export async function plannedOf(
  { owner }: Pick<Lock, "owner">,
  { s3, bucket, environment }: Pick<OrderServices, "s3" | "bucket" | "environment">,
): Promise<PlannedRollback | { readonly problem: string }> {
  try {
    const object = await s3.send(
      new GetObjectCommand({ Bucket: bucket, Key: evidenceOf(environment, owner) }),
    );
    return PlannedRollback.parse(JSON.parse((await object.Body?.transformToString()) ?? "null"));
  } catch (error) {
    if (isTransient(error)) throw error;
    const name = error instanceof Error ? error.name : "unknown";
    return {
      problem: `The plan could not be read (${name}), so nothing was tidied; look at every component.`,
    };
  }
}
