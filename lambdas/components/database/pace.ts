import { type Job, WAIT_SECONDS } from "./job.ts";

/** The longest wait while the end of the preparation is far away. */
const LONGEST_SECONDS = 60;

/**
 * How long to wait before the next look at a copy that is being made: long while its first part cannot be there yet, short
 * from then on, so that the end is noticed within one short wait. An instance is there after half of the estimated time at
 * the earliest; a cluster's volume, after which its members are begun, within a fifth (docs/facts/performance-reliability.md
 * A1: some 4 of 15 minutes).
 */
export function secondsToNextLook({ steps, clock, details }: Job): number {
  const began = steps.timeOf("prepare-began") ?? clock();
  const elapsed = (clock().getTime() - began.getTime()) / 1_000;
  const earliest = details.prepareSeconds / (details.shape === "cluster" ? 5 : 2);
  const left = earliest - elapsed;
  return Math.max(WAIT_SECONDS, Math.min(LONGEST_SECONDS, left));
}
