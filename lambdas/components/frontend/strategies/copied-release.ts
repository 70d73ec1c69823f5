import type { Tick } from "../../../contracts/tick.ts";
import { type CarriedOut, carryOut, markOf } from "../copying/carry-out.ts";
import { DirectCopies } from "../copying/direct-copies.ts";
import { ENTRY_POINTS_PART, freeze, type Judged } from "../copying/freeze.ts";
import { type PlanHead, staleAssets } from "../copying/frozen-plan.ts";
import { PlanStore } from "../copying/plan-store.ts";
import type { Sequence } from "../copying/stage.ts";
import type { Direction } from "../copying/write.ts";
import type { Job } from "../job.ts";
import { headOf, versioningProblem } from "../objects.ts";

/** What a strategy adds to copying: what every key should be. */
export interface CopyPlan {
  readonly sequence: Sequence;
  readonly deletes: boolean;
  /** Every key of the live frontend behind a key, with what has to happen to it; or why the target cannot be read. */
  readonly judging: (
    job: Job,
  ) => Promise<((after: string) => AsyncIterable<Judged>) | { readonly problem: string }>;
}

/** Freezes what has to be copied, once, in the report bucket (DESIGN §5: the plan is the execution). */
export async function prepareCopies(job: Job, { judging, ...plan }: CopyPlan): Promise<Tick> {
  const { s3, answer, details, clock } = job;
  const store = storeOf(job);
  const problem = await versioningProblem(s3, details.bucket);
  if (problem) return answer.failed("PREPARE_FAILED", `Nothing may be copied: ${problem}.`);
  const judge = await judging(job);
  if ("problem" in judge) return answer.failed("TARGET_GONE", `Cannot prepare: ${judge.problem}.`);
  const frozen = await freeze({ s3, bucket: details.bucket, store, clock, ...plan, judge });
  switch (frozen.status) {
    case "working":
      return answer.working(`Comparing every object with its target; done up to ${frozen.after}.`, 1);
    case "blocked":
      return answer.failed("PREPARE_FAILED", frozen.note);
    case "frozen":
      return answer.done(frozenNote(frozen.head));
  }
}

/** Carries the frozen plan out, or puts back what it replaced. */
export async function putCopies(job: Job, direction: Direction): Promise<Tick> {
  const { s3, answer, steps, details, clock, account } = job;
  if (steps.has(`${direction}-placed`)) return answer.done("Everything is copied.");
  const store = storeOf(job);
  const head = await store.head();
  if (!head) return answer.failed("PREPARE_FAILED", "There is no frozen plan to carry out; prepare first.");
  if (!steps.has(`${direction}-intended`)) await steps.write(`${direction}-intended`);
  const end = await carryOut({
    place: { s3, direct: new DirectCopies(s3), bucket: details.bucket, account, encrypted: head.encrypted },
    store,
    clock,
    head,
    direction,
    finished: steps.number(`${direction}-progress`, "units") ?? 0,
    finishedForth: steps.number("forth-progress", "units") ?? 0,
    keepProgress: (units) => steps.write(`${direction}-progress`, { units }),
  });
  return tickOf(job, direction, end, staleAssets(head));
}

/** Whether the entry points are still the versions that this rollback wrote. */
export async function verifyCopies({ s3, answer, details, ...job }: Job): Promise<Tick> {
  const rows = await storeOf({ s3, details, answer, ...job }).done(
    markOf("forth", "copies", ENTRY_POINTS_PART),
  );
  for (const { key, versionId, etag } of rows) {
    const current = await headOf(s3, details.bucket, { key });
    const same = versionId === undefined ? current?.ETag === etag : current?.VersionId === versionId;
    if (!same) return answer.failed("SUPERSEDED", `${key} is no longer what this rollback wrote.`);
  }
  return answer.done(`${rows.length} entry points are those of the target.`);
}

/** `/version.json` of a live part: with or without the prefix, as the origin path may or may not hide it. */
export function keyAt(live: string, path: string): string {
  const key = path.replace(/^\//, "");
  return key.startsWith(live) ? key : live + key;
}

function storeOf({ s3, reportBucket, environment, rollbackId, move }: Job): PlanStore {
  return new PlanStore(s3, {
    bucket: reportBucket,
    folder: `${environment}/${rollbackId}/${move.component}/`,
  });
}

async function tickOf(
  { answer, steps }: Job,
  direction: Direction,
  end: CarriedOut,
  stale: number,
): Promise<Tick> {
  switch (end.status) {
    case "working":
      return answer.working(`Copied ${end.finished} of ${end.of} parts.`, 1);
    case "failed":
      // Nothing was written at all: users notice nothing of this rollback.
      if (direction === "forth" && !end.wrote) await steps.write("forth-intended", { answer: "refused" });
      return answer.failed(end.code, end.note);
    case "done": {
      await steps.write(`${direction}-placed`, { staleAssets: stale });
      const [first] = end.changedByOthers;
      const left = first ? ` ${first} and what else others changed meanwhile was left alone.` : "";
      return answer.done(`Everything is copied.${left}`);
    }
  }
}

function frozenNote({ parts, leftAlone }: PlanHead): string {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const left = leftAlone > 0 ? `; ${leftAlone} that the target did not have are left alone` : "";
  return `${rows} ${rows === 1 ? "object differs" : "objects differ"} from the target${left}.`;
}
