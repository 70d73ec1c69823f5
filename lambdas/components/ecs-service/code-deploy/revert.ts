import type { Service } from "@aws-sdk/client-ecs";
import type { Tick } from "../../../contracts/tick.ts";
import { confirmRunning } from "../confirm.ts";
import { nameOf } from "../content.ts";
import { endWith } from "../end-with.ts";
import type { Job } from "../job.ts";
import { scaleUp } from "../pausing/scale-up.ts";
import { countOfBefore } from "../pausing/writers.ts";
import { describeTaskDefinition, primaryTaskSet } from "../reads.ts";
import { deployByCodeDeploy, findOwn } from "./deploy.ts";
import { getDeployment } from "./reads.ts";
import { takeBack } from "./take-back.ts";

/**
 * Puts back what CodeDeploy changed for this rollback: its deployment is taken back while its old tasks are still
 * there, else what ran before is deployed again. A paused service comes back on that version.
 */
export async function revertByCodeDeploy(job: Job, service: Service): Promise<Tick> {
  const { answer, codedeploy, details, steps, move } = job;
  const paused = service.desiredCount === 0 && countOfBefore(job) > 0;
  const own = await findOwn(job, "cut-over");
  const stays = details.way === "hold" || details.way === "restart";
  if (stays || (own === undefined && !steps.has("stop-requested") && !steps.has("revert-intended"))) {
    if (paused) return scaleUp(job, service);
    return endWith(job, service, answer.done("This rollback changed no version here; nothing to put back."));
  }
  if (own !== undefined && !steps.has("revert-intended")) {
    const primary = primaryTaskSet(service);
    const deployment = await getDeployment(codedeploy, own);
    const replaced = deployment?.status === "Succeeded" && primary?.externalId !== own;
    if (replaced && primary?.taskDefinition !== move.from.id) {
      return endWith(
        job,
        service,
        answer.failed("SUPERSEDED", "Somebody deployed since; it was left alone."),
      );
    }
    const tick = await takeBack(job, own, "revert-stop");
    if (tick) return tick;
  }
  return putOriginBack(job, service, paused);
}

async function putOriginBack(job: Job, service: Service, paused: boolean): Promise<Tick> {
  const { ecs, steps, move } = job;
  const origin = move.from.id;
  const primary = primaryTaskSet(service);
  if (steps.has("revert-intended") || primary?.taskDefinition !== origin) {
    const status = (await describeTaskDefinition(ecs, origin))?.taskDefinition.status;
    const source = { taskDefinition: origin, images: [], checkpoint: move.from.checkpoint };
    const copy = status !== "ACTIVE";
    const plan = { phase: "revert", source, copy, replaces: primary?.id ?? "" } as const;
    const tick = await deployByCodeDeploy(job, service, plan);
    if (tick.status !== "done") return tick;
  }
  if (paused) return scaleUp(job, service);
  const clone = steps.text("revert-cloned", "taskDefinition");
  const expected = { taskDefinitions: [origin, ...(clone ? [clone] : [])], images: [] };
  const confirmed = await confirmRunning(job, "revert-confirm-began", expected);
  if (confirmed.status === "working") return confirmed;
  const note = `Put back ${nameOf(origin)}. ${confirmed.note}`;
  return endWith(job, service, confirmed.status === "done" ? { ...confirmed, note } : confirmed);
}
