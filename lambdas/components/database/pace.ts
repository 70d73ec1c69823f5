import { type Job, WAIT_SECONDS } from "./job.ts";

/** The longest wait while the end of the preparation is far away. */
const LONGEST_SECONDS = 60;

/**
 * How long to wait before the next look at a copy that is being made: long while less than half of the estimated time has
 * passed, short from then on, so that the end is noticed within one short wait.
 */
export function secondsToNextLook({ steps, clock, details }: Job): number {
  const began = steps.timeOf("prepare-began") ?? clock();
  const elapsed = (clock().getTime() - began.getTime()) / 1_000;
  const left = details.prepareSeconds / 2 - elapsed;
  return Math.max(WAIT_SECONDS, Math.min(LONGEST_SECONDS, left));
}
