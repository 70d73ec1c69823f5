import type { FrontendComponent, FrontendVersion } from "../../contracts/kinds/frontend.ts";
import type { Tick } from "../../contracts/tick.ts";
import type { Source } from "./copying/restore-key.ts";
import type { Direction } from "./copying/write.ts";
import type { Job } from "./job.ts";

/** What both the environment and a move say of a frontend. */
export type Site = Pick<
  FrontendComponent,
  "bucket" | "distribution" | "release" | "entryPoints" | "invalidate" | "probe" | "serviceWorker"
>;

/** What users are given now. */
export type Live =
  | {
      readonly version: FrontendVersion;
      readonly changedAt?: Date;
      /** It is still on its way to some of the users, in words. */
      readonly moving?: string;
    }
  /** Nobody can tell, and why. */
  | { readonly problem: string };

/** Whether a target can be live, and what a person should know before. */
export type Feasibility =
  | { readonly problem: string }
  /** The same content under another name: a rollback to it was done already. */
  | { readonly same: string }
  | { readonly warnings: readonly string[] };

/** One way in which releases lie and become live: everything in which frontends differ. */
export interface ReleaseStrategy {
  live(): Promise<Live>;
  /** A release that a person named and the ledger does not know; undefined when there is none. */
  lookUp(name: string): Promise<FrontendVersion | undefined>;
  /** Whether the target exists and its entry points are there. */
  feasible(target: FrontendVersion, current: FrontendVersion): Promise<Feasibility>;
  /** Makes sure that the target can be switched to; users notice nothing. */
  prepare(job: Job): Promise<Tick>;
  /** Puts the target in place, or what was there before, by compare-and-set; repeated until `done`. */
  put(job: Job, direction: Direction): Promise<Tick>;
  /** AWS's own word that the target is live; a probe asks as users do. */
  verify(job: Job): Promise<Tick>;
  /** The object that the target answers at a path: what the probe will read. */
  targetObject(job: Job, path: string): Promise<Pick<Source, "key" | "versionId"> | undefined>;
  /** Whether edge locations keep entry points of the release before under the same cache keys. */
  readonly entryPointsStayCached: boolean;
  /** The table's estimate, seconds, for what was never measured: docs/facts/performance-reliability.md. */
  readonly usualSeconds: { readonly prepare: number; readonly cutOver: number };
}

/** The configuration of one strategy, narrowed. */
export type ReleaseOf<S extends Site["release"]["strategy"]> = Extract<
  Site["release"],
  { readonly strategy: S }
>;
