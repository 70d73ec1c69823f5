import { rollbacksInLedger } from "../../../lib/drill/last-rollback.ts";
import type { Stage } from "../../../lib/drill/stage.ts";
import type { Random } from "../../../lib/region/kernel/random.ts";
import { DEFAULT_PACE, type Pace, type Range } from "../../../lib/region/services/rds/pace.ts";

/** How RDS goes about the first backup of what it has restored. */
export type FirstBackup = Pick<Pace, "firstBackup" | "flashBeforeBackup">;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** As before 2025, and with the flash that is inferred (docs/facts/database.md §6). */
export const QUICK: FirstBackup = {
  firstBackup: [2 * MINUTE, 4 * MINUTE],
  flashBeforeBackup: [10 * SECOND, 40 * SECOND],
};

const FLASHES: readonly Range[] = [[0, 0], QUICK.flashBeforeBackup];

/** For hours, as since then, or for as long as it likes; with the flash or without. */
export function anyFirstBackup(random: Random): FirstBackup {
  const milliseconds = random.integer(MINUTE, 90 * MINUTE);
  const firstBackup: Range = random.chance(0.5) ? DEFAULT_PACE.firstBackup : [milliseconds, milliseconds];
  return { firstBackup, flashBeforeBackup: FLASHES[random.chance(0.3) ? 1 : 0] ?? [0, 0] };
}

/** In words. */
export const wordsOf = ({ firstBackup: [, most] }: FirstBackup) =>
  `${Math.round(most / MINUTE)} min at most for the first backup`;

/** RDS goes about it as the world says. */
export function paceFirstBackup({ region }: Stage, pace: FirstBackup): void {
  const { drill } = region.rds.databases;
  drill.pace = { ...drill.pace, ...pace };
}

/** Whether something is lacking an hour after RDS has backed the last copy up: by then it is set, or given up with the copy. */
export async function isIncomplete(stage: Stage, { firstBackup: [, most] }: FirstBackup): Promise<boolean> {
  const { kernel } = stage.region;
  const isLacking = async () => {
    const records = await kernel.complete(rollbacksInLedger(stage));
    return records.some(({ incomplete }) => incomplete !== undefined);
  };
  if (!(await isLacking())) return false;
  await kernel.runUntil(kernel.now + most + 60 * MINUTE);
  return isLacking();
}
