import type { FailureCode } from "../../../contracts/failures.ts";
import type { Clock } from "../../component.ts";
import { copyObject } from "./copy-object.ts";
import { deleteObjects } from "./delete-objects.ts";
import { TICK_MILLIS } from "./freeze.ts";
import { type DoneRow, type Part, type PlanHead, STAGES } from "./frozen-plan.ts";
import { type Finished, inParallel } from "./in-parallel.ts";
import type { PlanStore } from "./plan-store.ts";
import { type Direction, type Write, type WriteOutcome, type WritePlace, writeOf } from "./write.ts";

export interface CarryingOut {
  readonly place: WritePlace;
  readonly store: PlanStore;
  readonly clock: Clock;
  readonly head: PlanHead;
  readonly direction: Direction;
  /** How many units are done, as the journal says. */
  readonly finished: number;
  /** Back: how many units were done forth; what lies behind the one after them was never begun. */
  readonly finishedForth?: number;
  readonly keepProgress: (finished: number) => Promise<void>;
}

export type CarriedOut =
  | { readonly status: "working"; readonly finished: number; readonly of: number }
  | { readonly status: "done"; readonly changedByOthers: readonly string[] }
  | { readonly status: "failed"; readonly code: FailureCode; readonly note: string; readonly wrote: boolean };

/**
 * Copies under way at a time. S3 takes 3,500 a second below one prefix and wants 50 to 100 at a time
 * (docs/facts/frontend-secrets-config.md §A.3, "Rate"): what a copy takes decides the rate, which stays below that from
 * 28 ms a copy on.
 */
const WIDTH = 96;

/** A step of the execution that is marked as done as a whole. */
interface Unit {
  readonly part: Part;
  readonly does: "copies" | "deletes";
}

/**
 * Carries a frozen plan out, part by part in the order of the stages, for as long as a tick may take; the next tick, in
 * whatever invocation, goes on, also in the middle of a part. What is done is written down with the versions that came of
 * it, first beside the plan and then in the journal; a part whose mark was lost is gone through again without harm.
 */
export async function carryOut(job: CarryingOut): Promise<CarriedOut> {
  const { head, direction, clock } = job;
  const units = unitsOf(head, direction, job.finishedForth);
  const end = clock().getTime() + TICK_MILLIS;
  const changedByOthers: string[] = [];
  for (let finished = job.finished; finished < units.length; finished++) {
    const unit = units[finished];
    if (!unit) break;
    if (clock().getTime() >= end) return { status: "working", finished, of: units.length };
    const { outcomes, isWhole } = await workThrough(job, unit, end);
    const problem = problemIn(outcomes, unit, direction, finished);
    if (problem) return problem;
    if (!isWhole) return { status: "working", finished, of: units.length };
    changedByOthers.push(...outcomes.flatMap((one) => (one.outcome === "changed-by-others" ? one.key : [])));
    await job.keepProgress(finished + 1);
  }
  return { status: "done", changedByOthers };
}

/** The name under which the results of a part's copies lie beside the plan. */
export const markOf = (direction: Direction, does: Unit["does"], part: string) =>
  `${direction}-${does}-${part}`;

/** Copies in the order of the stages, then deletes in the opposite one; a part that has none of them costs nothing. */
function unitsOf(head: PlanHead, direction: Direction, finishedForth: number | undefined): Unit[] {
  const ordered = STAGES.flatMap((stage) => head.parts.filter((part) => part.stage === stage));
  const copies = ordered.map((part): Unit => ({ part, does: "copies" }));
  const deletes = ordered.toReversed().map((part): Unit => ({ part, does: "deletes" }));
  const removes = ({ part }: Unit) => isRemoval(part);
  const forth = [...copies.filter((unit) => !removes(unit)), ...deletes.filter(removes)];
  if (direction === "forth") return forth;
  const begun = new Set(forth.slice(0, (finishedForth ?? forth.length) + 1).map(({ part }) => part.name));
  return [...copies, ...deletes.filter((unit) => !removes(unit))].filter(({ part }) => begun.has(part.name));
}

/** What came of a unit up to now; whole when nothing of it is left to begin. */
interface Through {
  readonly outcomes: readonly WriteOutcome[];
  readonly isWhole: boolean;
}

async function workThrough(job: CarryingOut, unit: Unit, end: number): Promise<Through> {
  const { place, store, direction, clock } = job;
  const { part, does } = unit;
  const mark = markOf(direction, does, part.name);
  const [writes, before] = await Promise.all([writesOf(job, unit), store.done(mark)]);
  const done = new Set(before.map(({ key }) => key));
  const open = writes.filter(({ key }) => !done.has(key));
  if (open.length === 0) return { outcomes: [], isWhole: true };
  const width = part.stage === "entry-points" ? 1 : WIDTH;
  const { results, error } =
    does === "copies"
      ? await copyAll(place, open, { width, direction, isOver: () => clock().getTime() >= end })
      : await deleteAll(place, open);
  const rows = results.flatMap((one) => doneRow(one, direction));
  if (rows.length > 0) await store.writeDone(mark, [...before, ...rows]);
  if (error !== undefined) throw error;
  return { outcomes: [...before.map(outcomeOf), ...results], isWhole: results.length === open.length };
}

/** What a later tick need not look at again. Forth, what somebody else changed ends the rollback instead. */
function doneRow(one: WriteOutcome, direction: Direction): DoneRow[] {
  if (one.outcome === "written") return [one.row];
  return one.outcome === "changed-by-others" && direction === "back"
    ? [{ key: one.key, leftAlone: true }]
    : [];
}

function outcomeOf(row: DoneRow): WriteOutcome {
  return row.leftAlone ? { outcome: "changed-by-others", key: row.key } : { outcome: "written", row };
}

/** What this unit has to do: copies of what has a source, deletes of what has none. */
async function writesOf({ store, direction }: CarryingOut, { part, does }: Unit): Promise<Write[]> {
  const rows = await store.rows(part.name);
  const wrote = new Map<string, DoneRow>();
  if (direction === "back") {
    const forth = isRemoval(part) ? "deletes" : "copies";
    for (const row of await store.done(markOf("forth", forth, part.name))) wrote.set(row.key, row);
  }
  const writes = rows.map((row) => writeOf(row, direction, wrote.get(row.key)));
  return writes.filter(({ from }) => (from !== undefined) === (does === "copies"));
}

function copyAll(
  place: WritePlace,
  writes: readonly Write[],
  {
    width,
    direction,
    isOver,
  }: { readonly width: number; readonly direction: Direction; readonly isOver: () => boolean },
): Promise<Finished<WriteOutcome>> {
  const copies = writes.flatMap(({ from, ...write }) => (from ? [{ write, from }] : []));
  return inParallel(
    copies,
    width,
    ({ write, from }) => copyObject(place, write, from),
    ({ outcome }) =>
      isOver() || outcome === "problem" || (direction === "forth" && outcome === "changed-by-others"),
  );
}

/** A thousand keys a call: DeleteObjects takes no more. */
async function deleteAll(place: WritePlace, writes: readonly Write[]): Promise<Finished<WriteOutcome>> {
  const calls = Array.from({ length: Math.ceil(writes.length / KEYS_A_DELETE) }, (_, index) =>
    writes.slice(index * KEYS_A_DELETE, (index + 1) * KEYS_A_DELETE),
  );
  const { results, error } = await inParallel(calls, 1, (keys) => deleteObjects(place, keys));
  return { results: results.flat(), error };
}

const KEYS_A_DELETE = 1_000;

/**
 * Somebody else's newer object is never overwritten. Forth that ends the rollback, before anything that refers to it is
 * written; to hide a key, or to put one back that others have changed, is left to them.
 */
function problemIn(
  outcomes: readonly WriteOutcome[],
  { does }: Unit,
  direction: Direction,
  finished: number,
): CarriedOut | undefined {
  const wrote = finished > 0 || outcomes.some(({ outcome }) => outcome === "written");
  const problem = outcomes.find((one) => one.outcome === "problem");
  if (problem) return { status: "failed", code: problem.code, note: problem.note, wrote };
  const changed = outcomes.flatMap((one) => (one.outcome === "changed-by-others" ? [one.key] : []));
  if (changed.length === 0 || does === "deletes" || direction === "back") return undefined;
  const keys = changed.length > 3 ? `${changed.slice(0, 3).join(", ")} and more` : changed.join(", ");
  const note = `Somebody changed ${keys} after the plan was made; that was left alone.`;
  return { status: "failed", code: wrote ? "SUPERSEDED" : "CHANGED_SINCE_PLAN", note, wrote };
}

const isRemoval = ({ stage }: Part) => stage === "removals" || stage === "removed-pages";
