import type { Service } from "@aws-sdk/client-ecs";
import type { Tick } from "../../contracts/tick.ts";
import { enableRules } from "./connected-tasks.ts";
import { restoreGuards } from "./guards.ts";
import type { Job } from "./job.ts";
import { restoreScaling } from "./scaling.ts";

/**
 * Ends a verb: but first what was only meant for its time is put back, whatever the end: deployment alarms, scaling, and
 * rules that start tasks. What would wake a paused service waits until it runs again.
 */
export async function endWith(job: Job, service: Service, end: Tick): Promise<Tick> {
  return (
    (await restoreGuards(job, service)) ??
    (await restoreScaling(job, service)) ??
    (await enableRules(job, service)) ??
    end
  );
}
