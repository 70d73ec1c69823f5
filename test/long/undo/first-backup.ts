import { rollbacksInLedger } from "../../../lib/drill/last-rollback.ts";
import type { Stage } from "../../../lib/drill/stage.ts";
import type { World } from "./world.ts";

type Chosen = Pick<World, "firstBackup">;

/** RDS takes as long for the first backup of a copy as the world says. */
export function paceFirstBackup({ region }: Stage, { firstBackup }: Chosen): void {
  if (firstBackup === undefined) return;
  const { drill } = region.rds.databases;
  const milliseconds = firstBackup * 1_000;
  drill.pace = { ...drill.pace, firstBackup: [milliseconds, milliseconds] };
}

/** Whether something is lacking an hour after RDS has backed the last copy up: by then it is set, or given up with the copy. */
export async function isIncomplete(stage: Stage, { firstBackup }: Chosen): Promise<boolean> {
  if (firstBackup === undefined) return false;
  const { kernel } = stage.region;
  await kernel.runUntil(kernel.now + (firstBackup + 3_600) * 1_000);
  const records = await kernel.complete(rollbacksInLedger(stage));
  return records.some(({ incomplete }) => incomplete !== undefined);
}
