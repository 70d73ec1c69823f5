import type { Direction, Job } from "../job.ts";
import type { Database } from "../shapes/shape.ts";
import type { Progress } from "./progress.ts";

/** Who serves and who shall, looked up in this very tick. */
export interface Switch {
  readonly direction: Direction;
  /** Undefined when it no longer exists, which only matters on the way back. */
  readonly from: Database | undefined;
  readonly to: Database;
}

/** Whom the application reaches by what it was configured with. */
export interface Serving {
  /**
   * The resource id of whoever serves; undefined when it is none of them, or not one alone. Only the application can tell
   * when the host is in a secret: secrets are never read.
   */
  readonly who: string | "unknowable" | undefined;
  /** Where the application connects, as far as it is known. */
  readonly host: string | undefined;
  /** The resource ids of all that something leads to: none of them may be deleted. */
  readonly leadsTo: readonly string[];
}

/** One way to bring users from one database to another (docs/facts/database.md §5). */
export interface Strategy {
  /** One step towards `to`; called again until it is done, and again after that. */
  advance(job: Job, change: Switch): Promise<Progress>;
  /** Who of these serves. */
  serving(job: Job, among: readonly Database[]): Promise<Serving>;
  /** What a person types to make `to` serve, when the way back failed. */
  byHand(job: Job, change: Switch): readonly string[];
}
