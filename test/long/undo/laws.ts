import { lockHolder } from "../../../lib/drill/lock-holder.ts";
import { callsOfStepback } from "../../../lib/drill/observed.ts";
import type { Stage } from "../../../lib/drill/stage.ts";
import { isIncomplete } from "./first-backup.ts";
import type { World } from "./world.ts";

/** What must hold of every night, whatever happened in it; empty when it does. */
export async function brokenLawsOf(stage: Stage, world: World): Promise<readonly string[]> {
  const { region, complete } = stage;
  const denied = callsOfStepback(stage).filter(({ outcome }) => /AccessDenied|Authoriz/.test(outcome));
  const [bug] = region.endpoint.bugs;
  const broken: Readonly<Record<string, boolean>> = {
    "a call was denied": denied.length > 0,
    [`the region has a bug: ${bug}`]: bug !== undefined,
    "writers do not run": complete?.writersRunning() !== 3,
    "the door is not open": complete?.gate() !== "open",
    "the password does not fit": !complete?.passwordFits(),
    "the lock is held": (await region.kernel.complete(lockHolder(stage)))?.owner !== undefined,
    "something is lacking for good": await isIncomplete(stage, world.firstBackup),
  };
  return Object.keys(broken).filter((law) => broken[law]);
}
