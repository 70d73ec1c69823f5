import { CreateDeploymentCommand, type DeploymentInfo } from "@aws-sdk/client-codedeploy";
import type { Service } from "@aws-sdk/client-ecs";
import type { Tick } from "../../../contracts/tick.ts";
import { asked, isNamed } from "../../aws-call.ts";
import { type CloneSource, ensureClone } from "../clone.ts";
import { nameOf } from "../content.ts";
import { endWith } from "../end-with.ts";
import type { Job, Phase } from "../job.ts";
import { suspendScaling } from "../pausing/scaling.ts";
import { primaryTaskSet } from "../reads.ts";
import { appSpecOf } from "./app-spec.ts";
import { followDeployment } from "./follow.ts";
import { deploymentsOf } from "./reads.ts";

/** A CodeDeploy deployment that this rollback makes. */
export interface NewDeployment {
  readonly phase: Phase;
  readonly source: CloneSource;
  /** Deploy a copy of the source. */
  readonly copy: boolean;
  /** The PRIMARY task set that may be replaced; any other means that somebody deployed meanwhile. */
  readonly replaces: string;
}

/** Clocks differ: what AWS dates this much before our intention may still be ours. */
const CLOCK_SKEW_MILLIS = 5_000;

/**
 * One tick of a deployment by CodeDeploy. CreateDeployment has no client token, so: write the intention, act, write the
 * id; after a lost answer the deployment that carries this rollback's name is adopted. One deployment a group is all that
 * AWS allows, so there are never two [docs/facts/ecs.md §2.5].
 */
export async function deployByCodeDeploy(job: Job, service: Service, plan: NewDeployment): Promise<Tick> {
  const { steps, answer } = job;
  const { phase, source } = plan;
  const known = await findOwn(job, phase);
  if (known) return followDeployment(job, service, { id: known, taskDefinition: targetOf(job, plan) });

  if (primaryTaskSet(service)?.id !== (steps.text(`${phase}-intended`, "baseline") ?? plan.replaces)) {
    const what = nameOf(primaryTaskSet(service)?.taskDefinition ?? "something else");
    const note = `Somebody deployed ${what} after the plan was made; it was left alone.`;
    return endWith(job, service, answer.failed("CHANGED_SINCE_PLAN", note));
  }
  // A change of the count can fail a deployment by CodeDeploy [docs/facts/ecs.md §2.5].
  const suspending = await suspendScaling(job);
  if (suspending) return suspending;
  if (plan.copy) {
    const clone = await ensureClone(job, phase, source);
    if (clone.gone !== undefined) return endWith(job, service, answer.failed("TARGET_GONE", clone.gone));
  }
  await steps.once(`${phase}-intended`, { baseline: plan.replaces, taskDefinition: targetOf(job, plan) });
  return create(job, service, plan);
}

const targetOf = ({ steps }: Job, { phase, source }: NewDeployment) =>
  steps.text(`${phase}-cloned`, "taskDefinition") ?? source.taskDefinition;

/** What a deployment of this rollback is called: it is found again by it. */
const descriptionOf = ({ rollbackId }: Job, phase: Phase) => `${NAME}${rollbackId} (${phase})`;
const NAME = "Stepback ";

/** Whether a rollback made this deployment: so what it deployed had been live before. */
export const isOfStepback = ({ description }: DeploymentInfo): boolean =>
  description?.startsWith(NAME) ?? false;

async function create(job: Job, service: Service, plan: NewDeployment): Promise<Tick> {
  const { codedeploy, details, steps, answer } = job;
  const { codeDeploy } = details;
  if (!codeDeploy)
    throw new Error(`The move of ${job.move.component} does not say where CodeDeploy deploys it`);
  const taskDefinition = targetOf(job, plan);
  const { platformVersion } = primaryTaskSet(service) ?? {};
  const content = appSpecOf({ ...codeDeploy, taskDefinition, platformVersion });
  try {
    const { deploymentId } = await asked(
      `Having CodeDeploy deploy ${nameOf(taskDefinition)} to ${details.service}`,
      codedeploy.send(
        new CreateDeploymentCommand({
          applicationName: codeDeploy.application,
          deploymentGroupName: codeDeploy.deploymentGroup,
          description: descriptionOf(job, plan.phase),
          // What is known to be good needs no canary: users wait for it.
          deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce",
          revision: { revisionType: "AppSpecContent", appSpecContent: { content } },
          // The alarm that the bad version set off must not stop the way back, nor a failure lead to it again.
          overrideAlarmConfiguration: { enabled: false },
          autoRollbackConfiguration: { enabled: false },
        }),
      ),
    );
    if (deploymentId) await steps.write(`${plan.phase}-started`, { deployment: deploymentId });
    return answer.working(`CodeDeploy began to deploy ${nameOf(taskDefinition)}.`);
  } catch (error) {
    if (!isNamed(error, "DeploymentLimitExceededException") || !(error instanceof Error)) throw error;
    if (await findOwn(job, plan.phase)) return answer.working("CodeDeploy has already begun to deploy it.");
    const note = `Another CodeDeploy deployment is in progress; stop it or wait, then start again. ${error.message}`;
    return endWith(job, service, answer.failed("IN_USE", note));
  }
}

/** This rollback's deployment, also when CreateDeployment was not answered. */
export async function findOwn(job: Job, phase: Phase): Promise<string | undefined> {
  const { codedeploy, details, steps } = job;
  const known = steps.text(`${phase}-started`, "deployment");
  if (known) return known;
  const intendedAt = steps.timeOf(`${phase}-intended`);
  if (!intendedAt || !details.codeDeploy) return undefined;
  const since = new Date(intendedAt.getTime() - CLOCK_SKEW_MILLIS);
  const found = await deploymentsOf(codedeploy, details.codeDeploy, { since });
  const isOwn = ({ description }: DeploymentInfo) => description === descriptionOf(job, phase);
  const id = found.find(isOwn)?.deploymentId;
  if (id) await steps.write(`${phase}-started`, { deployment: id });
  return id;
}
