import { rollbacksInLedger } from "../../../lib/drill/last-rollback.ts";
import type { Stage } from "../../../lib/drill/stage.ts";
import type { Random } from "../../../lib/region/kernel/random.ts";
import {
  BACKUP_OF_MINUTES,
  DEFAULT_PACE,
  FLASH_BEFORE_BACKUP,
  type Pace,
  type Range,
} from "../../../lib/region/services/rds/pace.ts";

/** How RDS goes about the first backup of what it has restored. */
export type FirstBackup = Pick<Pace, "firstBackup" | "flashBeforeBackup">;

const MINUTE = 60_000;

/** As before 2025, and with the flash that is inferred (docs/facts/database.md §6). */
export const QUICK: FirstBackup = { ...BACKUP_OF_MINUTES, ...FLASH_BEFORE_BACKUP };

/** For hours, as since then, or for as long as it likes; with the flash or without. */
export function anyFirstBackup(random: Random): FirstBackup {
  const milliseconds = random.integer(MINUTE, 90 * MINUTE);
  const firstBackup: Range = random.chance(0.5) ? DEFAULT_PACE.firstBackup : [milliseconds, milliseconds];
  const { flashBeforeBackup } = random.chance(0.3) ? FLASH_BEFORE_BACKUP : DEFAULT_PACE;
  return { firstBackup, flashBeforeBackup };
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
