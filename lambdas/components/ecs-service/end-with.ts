import type { Service } from "@aws-sdk/client-ecs";
import type { Tick } from "../../contracts/tick.ts";
import { restoreGuards } from "./guards.ts";
import type { Job } from "./job.ts";
import { enableRules } from "./pausing/connected-tasks.ts";
import { restoreScaling } from "./pausing/scaling.ts";
import { enableSchedules } from "./schedules/enable-schedules.ts";

/**
 * Ends a verb: but first what was only meant for its time is put back, whatever the end: deployment alarms, scaling,
 * rules and schedules that start tasks. What would wake a paused service waits until it runs again.
 */
export async function endWith(job: Job, service: Service, end: Tick): Promise<Tick> {
  const waiting = (await restoreGuards(job, service)) ?? (await restoreScaling(job, service));
  return waiting ?? endWithStarters(job, service, end);
}

/** The same of what starts tasks alone: rules and schedules outlive a service that somebody deleted meanwhile. */
export async function endWithStarters(job: Job, service: Service, end: Tick): Promise<Tick> {
  return (await enableRules(job, service)) ?? (await enableSchedules(job, service)) ?? end;
}
