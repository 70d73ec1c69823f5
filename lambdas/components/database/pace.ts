import { type Job, WAIT_SECONDS } from "./job.ts";

/** The longest wait while nothing can be over yet. */
const LONGEST_SECONDS = 60;
/** The soonest that anything restored was seen to be there: an Aurora volume (docs/facts/performance-reliability.md A1). */
const EARLIEST_SECONDS = 240;

/**
 * How long to wait before the next look at a copy that is being made: long while it cannot be there yet, short from then
 * on, so that each of its states is noticed within one short wait. Estimates are no help: a restore that takes a quarter
 * of its estimate is common, and RDS takes changes only in the moments between its own jobs.
 */
export function secondsToNextLook({ steps, clock, details }: Job): number {
  const began = steps.timeOf("prepare-began") ?? clock();
  const elapsed = (clock().getTime() - began.getTime()) / 1_000;
  const left = Math.min(EARLIEST_SECONDS, details.prepareSeconds / 2) - elapsed;
  return Math.max(WAIT_SECONDS, Math.min(LONGEST_SECONDS, left));
}
