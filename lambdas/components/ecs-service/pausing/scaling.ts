import {
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
  type SuspendedState,
} from "@aws-sdk/client-application-auto-scaling";
import type { Service } from "@aws-sdk/client-ecs";
import type { Tick } from "../../../contracts/tick.ts";
import { asked } from "../../aws-call.ts";
import type { Job } from "../job.ts";
import { isPaused } from "./writers.ts";

/** Everything that scaling does by itself. Always sent whole: whether AWS merges a part is unverified. */
const ALL_SUSPENDED = {
  DynamicScalingInSuspended: true,
  DynamicScalingOutSuspended: true,
  ScheduledScalingSuspended: true,
} as const satisfies SuspendedState;

/**
 * Keeps Application Auto Scaling from changing the count while the service is moved; undefined when that is so
 * [docs/facts/ecs.md §6.3]. Never asked again once done: every RegisterScalableTarget also puts the count inside its
 * bounds [SDK, RegisterScalableTarget], which would lift a paused service.
 */
export async function suspendScaling(job: Job): Promise<Tick | undefined> {
  const { scaling, details, steps, answer } = job;
  const state = steps.text("scaling", "state");
  if (!details.autoScaling || state === "suspended" || state === "none") return undefined;
  const current = await suspendedState(job);
  // Intended, and either done without an answer or about to be done again: what was before is in the journal.
  const former = state === "suspending" ? (steps.text("scaling", "former") ?? "") : JSON.stringify(current);
  if (!current) {
    await steps.write("scaling", { state: "none" });
    return undefined;
  }
  if (!isAllSuspended(current)) {
    if (state !== "suspending") await steps.write("scaling", { state: "suspending", former });
    await asked(
      `Suspending the scaling of ${details.service}`,
      scaling.send(new RegisterScalableTargetCommand({ ...targetOf(job), SuspendedState: ALL_SUSPENDED })),
    );
  }
  await steps.write("scaling", { state: "suspended", former });
  return answer.working("The service's scaling is suspended.", 1);
}

/** Gives scaling its former state back, unless somebody changed it since or the service still stands still. */
export async function restoreScaling(job: Job, service: Service): Promise<Tick | undefined> {
  const { scaling, details, steps, answer } = job;
  const state = steps.text("scaling", "state");
  if ((state !== "suspending" && state !== "suspended") || isPaused(job, service)) return undefined;
  // Written by `suspendScaling` from the target's own state.
  const former = JSON.parse(steps.text("scaling", "former") ?? "{}") as SuspendedState;
  const current = await suspendedState(job);
  if (current && isAllSuspended(current) && !isAllSuspended(former)) {
    await asked(
      `Resuming the scaling of ${details.service}`,
      scaling.send(new RegisterScalableTargetCommand({ ...targetOf(job), SuspendedState: former })),
    );
  }
  await steps.write("scaling", { state: "restored" });
  return answer.working("The service's scaling is as it was.", 1);
}

async function suspendedState(job: Job): Promise<SuspendedState | undefined> {
  const { ResourceId, ...dimension } = targetOf(job);
  const { ScalableTargets } = await asked(
    `Reading the scaling of ${job.details.service}`,
    job.scaling.send(new DescribeScalableTargetsCommand({ ...dimension, ResourceIds: [ResourceId] })),
  );
  const target = ScalableTargets?.[0];
  return target && { ...NONE_SUSPENDED, ...target.SuspendedState };
}

const NONE_SUSPENDED = {
  DynamicScalingInSuspended: false,
  DynamicScalingOutSuspended: false,
  ScheduledScalingSuspended: false,
} as const satisfies SuspendedState;

const isAllSuspended = (state: SuspendedState) =>
  state.DynamicScalingInSuspended === true &&
  state.DynamicScalingOutSuspended === true &&
  state.ScheduledScalingSuspended === true;

const targetOf = ({ details: { cluster, service } }: Job) =>
  ({
    ServiceNamespace: "ecs",
    ResourceId: `service/${cluster}/${service}`,
    ScalableDimension: "ecs:service:DesiredCount",
  }) as const;
