import { type Service, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import type { Tick } from "../../../contracts/tick.ts";
import { asked } from "../../aws-call.ts";
import { nameOf } from "../content.ts";
import { endWith } from "../end-with.ts";
import type { Job } from "../job.ts";
import { progressNote, stopReasons } from "../notes.ts";
import { primaryOf, tasksOf } from "../reads.ts";
import { notYetHealthy } from "./not-yet-healthy.ts";
import { countOfBefore, moveWriters, writersOf } from "./writers.ts";

/**
 * Gives the service its count of before, unless somebody gave it another, and waits until users would be answered: its
 * tasks run, and the load balancer calls them healthy. Until then the maintenance page must not go.
 */
export async function scaleUp(job: Job, service: Service): Promise<Tick> {
  const { ecs, answer, details, clock } = job;
  const count = countOfBefore(job);
  if (service.desiredCount === 0 && count > 0) {
    await moveWriters(job, "resuming");
    return setCount(job, service, count);
  }
  const primary = primaryOf(service);
  const desired = service.desiredCount ?? 0;
  const runs = (primary?.runningCount ?? 0) >= desired;
  const waiting = runs ? await notYetHealthy(job, service) : progressNote(service, primary);
  if (waiting === undefined) {
    await moveWriters(job, "running");
    const other = desired === count ? "" : ` (it was ${count} before; somebody set it meanwhile)`;
    const done = `${nameOf(primary?.taskDefinition ?? "")} runs with ${desired} tasks${other}.`;
    return endWith(job, service, answer.done(done));
  }
  const since = writersOf(job)?.since.getTime() ?? 0;
  if (clock().getTime() - since <= details.deadlineSeconds * 1_000) return answer.working(waiting);
  const reasons = stopReasons(await tasksOf(ecs, details, "STOPPED"), undefined);
  const note = `It still does not serve ${Math.round(details.deadlineSeconds / 60)} minutes after it was resumed${reasons && ` (${reasons})`}: ${waiting}`;
  return endWith(job, service, answer.failed("TOO_SLOW", note));
}

/** The count alone starts no deployment, and works even with a task definition that is INACTIVE [§1.4, §2.3]. */
export async function setCount(
  { ecs, answer, details }: Job,
  service: Service,
  desiredCount: number,
): Promise<Tick> {
  await asked(
    `Scaling ${details.service} to ${desiredCount}`,
    ecs.send(new UpdateServiceCommand({ cluster: details.cluster, service: details.service, desiredCount })),
  );
  const name = nameOf(primaryOf(service)?.taskDefinition ?? "");
  return answer.working(`${name} is started again with ${desiredCount} tasks.`);
}
