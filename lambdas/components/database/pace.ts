import { type Job, WAIT_SECONDS } from "./job.ts";

/**
 * No restore is known to end sooner: an empty instance takes ten minutes, a volume four (performance-reliability.md A1).
 * A clone, which is a cluster too, is there in minutes whatever the size (docs/facts/database.md §3).
 */
const EARLIEST_SECONDS = { instance: 240, cluster: 60 };
/** The longest wait until then. */
const LONGEST_SECONDS = 60;

/**
 * How long to wait before the next look at a copy that is being made: long while nothing can have ended, then short, so
 * that whatever ends is noticed within one short wait. An estimate is no reason to look away: a restore that is quicker
 * than the last one would be noticed late. Two reads every ten seconds, for as long as it takes, are what Terraform asks
 * of RDS too; its limits are not published (docs/facts/database.md §7).
 */
export function secondsToNextLook({ steps, clock, details }: Job): number {
  const began = steps.timeOf("prepare-began") ?? clock();
  const elapsed = (clock().getTime() - began.getTime()) / 1_000;
  return Math.max(WAIT_SECONDS, Math.min(LONGEST_SECONDS, EARLIEST_SECONDS[details.shape] - elapsed));
}
