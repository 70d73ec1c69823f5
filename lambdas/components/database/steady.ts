import { type Job, type Step, WAIT_SECONDS } from "./job.ts";

/** Looks in a row, and the least time between two that count (docs/facts/database.md §6: 10 s or more). */
const LOOKS = 3;
const LEAST_SECONDS = WAIT_SECONDS - 1;

/**
 * Whether something has held in three looks one after the other: RDS flashes `available` between two changes. The count
 * is in the journal, because the next look may be another invocation's.
 */
export async function isSteady({ steps, clock }: Job, key: string, holds: boolean): Promise<boolean> {
  const step: Step = `steady-${key}`;
  const count = steps.number(step, "looks") ?? 0;
  if (!holds) {
    if (count > 0) await steps.write(step, { looks: 0 });
    return false;
  }
  if (count >= LOOKS) return true;
  const last = steps.timeOf(step);
  const early = last && count > 0 && clock().getTime() - last.getTime() < LEAST_SECONDS * 1_000;
  if (early) return false;
  await steps.write(step, { looks: count + 1 });
  return count + 1 >= LOOKS;
}
