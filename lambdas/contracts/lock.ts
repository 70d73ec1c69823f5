import * as z from "zod";
import type { Mode } from "./vocabulary.ts";

/**
 * The locks of an environment, items of its ledger: one rollback at a time; one rehearsal, under a lock of its own,
 * because it changes nothing that a rollback meets and an emergency must not wait for it (docs/adr/0012); for the same
 * reason, one rollback that makes its copies while people are asked (docs/adr/0014), and one after whose end something is set
 * that nobody feels (docs/adr/0016).
 *
 * A lock that nobody holds keeps its item. Attributes: `owner` is a rollback's id; without it nobody holds the lock.
 * `fence` rises each time that somebody takes it, the clean-up included. `redrives` says which run of the execution holds
 * it. `tidying` stands there while the clean-up puts things back. `resumable` names the stopped rollback that a redrive
 * may go on with. `givesWayTo` says who need not wait for a holder that only watches alarms any more. `leaseUntil` and
 * `leaseSeconds` bound it; `execution`, `eventId` and `takenAt` say whose it is.
 */
export const LOCK_KEYS = ["lock", "lock#rehearsal", "lock#asking", "lock#completing"] as const;
export const LockKey = z.enum(LOCK_KEYS);
export const lockKeyOf = (mode: Mode): LockKey => (mode === "rehearse" ? "lock#rehearsal" : "lock");

/** Held from the question to the start of the rollback, or until the copies are removed when there is none. */
export const ASKING_LOCK = "lock#asking" satisfies LockKey;

/** Held for the minutes in which that is set. */
export const COMPLETING_LOCK = "lock#completing" satisfies LockKey;

/** Whoever is not an alarm: a person has looked at what there is, and an alarm has not. */
export const GIVES_WAY_TO = "people";

export type LockKey = z.infer<typeof LockKey>;
