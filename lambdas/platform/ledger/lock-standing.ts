/** What a lock item says, as far as it decides who may act under it. */
export interface LockFacts {
  /** The rollback that holds it; nobody does without. */
  readonly owner: string | undefined;
  readonly fence: number;
  /** How often the execution had been redriven when it took the lock. */
  readonly redrives: number;
  /** The clean-up is putting things back. */
  readonly tidying: boolean;
  /** It only watches alarms any more: people need not wait for it. */
  readonly watching: boolean;
  /** The stopped rollback that a redrive may go on with. */
  readonly resumable: string | undefined;
}

/** Who wants to act: a function of one run of a rollback's execution, or of the clean-up after it. */
export interface Claim {
  readonly rollbackId: string;
  readonly fence: number;
  readonly redrives: number;
}

/**
 * `held`: go on. `resumable`: nobody has taken the lock since this rollback was stopped and tidied; a redriven run may
 * take it again. `being-tidied`: a redriven run came before the clean-up was through; it waits. `lost`: somebody else's
 * turn, or that of a function which outlived its execution: it must not change anything any more, else it would undo
 * what the clean-up put back.
 */
export type LockStanding = "held" | "resumable" | "being-tidied" | "lost";

/** Where a claim stands. Runs are told apart by their redrives, holders by fencing numbers, which only grow. */
export function lockStandingOf(lock: LockFacts, claim: Claim): LockStanding {
  const redriven = claim.redrives > lock.redrives;
  if (lock.owner === undefined) {
    return lock.resumable === claim.rollbackId && redriven ? "resumable" : "lost";
  }
  if (lock.owner !== claim.rollbackId) return "lost";
  if (lock.fence === claim.fence) return "held";
  if (lock.tidying) return redriven ? "being-tidied" : "lost";
  // A neighbour of the same redriven run has taken it again.
  return lock.redrives === claim.redrives && claim.redrives > 0 ? "held" : "lost";
}
