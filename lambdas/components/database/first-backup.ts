import type { DatabaseMove } from "../../contracts/kinds/database.ts";
import type { Job } from "./job.ts";
import type { Database } from "./shapes/shape.ts";
import { isWorkedOn, SERVING_STATUSES } from "./states.ts";

/**
 * The first automated backup of a copy begins right after the restore and may take hours; RDS serves meanwhile, and
 * refuses many changes (docs/facts/performance-reliability.md A1, docs/facts/database.md §6).
 */
const BACKING_UP = "backing-up";

/**
 * In these a copy that RDS is not through with takes connections: it is backed up, and settles as `modifying` afterwards. A
 * proxy registers it in both (docs/facts/database.md §5 d); that it answers in the second is unverified beyond that.
 */
const EARLY_STATUSES: readonly string[] = [...SERVING_STATUSES, "modifying"];

/**
 * Whether users may come to the copy before RDS is through with it: the environment says so, and nothing that users feel
 * differs from what they had (docs/adr/0016). What they do not feel comes later.
 *
 * @param model the original as it is while users are on it
 */
export function servesAlready(job: Job, model: Database, copy: Database): boolean {
  const { details, shape } = job;
  const mayBeEarly = details.serveDuringBackups && details.way !== "return";
  return mayBeEarly && rests(job, copy) && shape.felt(model, copy).length === 0;
}

/** Whether a copy takes connections and nobody changes it: what may serve early need not be through with its backup. */
export function rests({ details, shape }: Job, copy: Database): boolean {
  const statuses = details.serveDuringBackups ? EARLY_STATUSES : SERVING_STATUSES;
  return shape.isSettled(copy, copy.identifier, statuses);
}

/**
 * Whether what users leave for what was kept is snapshotted only after they have left it: RDS is at work on it, takes no
 * snapshot before the end, and nobody waits for that (docs/adr/0018). It is kept: Stepback deletes nothing that served.
 */
export function isSnapshottedLater(
  { way, serveDuringBackups }: Pick<DatabaseMove, "way" | "serveDuringBackups">,
  left: { readonly status: string },
): boolean {
  return way === "return" && serveDuringBackups && isWorkedOn(left.status);
}

/** Whether RDS neither snapshots nor changes the copy before a backup has ended that nobody must wait for. */
export function isBeingBackedUp({ details }: Pick<Job, "details">, { status }: Database): boolean {
  return details.serveDuringBackups && status === BACKING_UP;
}
