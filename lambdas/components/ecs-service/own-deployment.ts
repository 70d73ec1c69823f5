import type { Service } from "@aws-sdk/client-ecs";
import type { OwnDeployment } from "./deployment-state.ts";
import type { Job, Phase } from "./job.ts";
import { describeServiceDeployments, describeServiceRevisions, listServiceDeployments } from "./reads.ts";

/** Clocks differ: what AWS dates this much before our intention may still be ours [docs/facts/ecs.md §3.3, t0 − 5 s]. */
const CLOCK_SKEW_MILLIS = 5_000;

/**
 * The deployment that this rollback's UpdateService started, even when its answer was lost: the one of our task
 * definition that is not older than our intention. Undefined when there is none. AWS has no client token for it and
 * documents no way from `ecs-svc/…` to the service deployment [docs/facts/ecs.md §3.3].
 */
export async function findOwnDeployment(
  job: Job,
  phase: Phase,
  service: Service,
  taskDefinition: string,
): Promise<OwnDeployment | undefined> {
  const { steps } = job;
  const intendedAt = steps.timeOf(`${phase}-intended`);
  if (!intendedAt) return undefined;
  const since = new Date(intendedAt.getTime() - CLOCK_SKEW_MILLIS);
  const baseline = steps.text(`${phase}-intended`, "baseline");
  const started = steps.text(`${phase}-started`, "deployment");
  const adopted = service.deployments?.find(
    (one) =>
      one.taskDefinition === taskDefinition &&
      one.id !== baseline &&
      one.createdAt !== undefined &&
      one.createdAt >= since,
  )?.id;
  const serviceDeployment = await findServiceDeployment(job, phase, taskDefinition, since);
  const deployment = started ?? adopted;
  if (deployment === undefined && !serviceDeployment) return undefined;
  if (started === undefined) await steps.write(`${phase}-started`, { deployment: deployment ?? "unknown" });
  const landing = await landingOf(job, serviceDeployment);
  return { deployment: deployment ?? "unknown", serviceDeployment, landing };
}

async function landingOf({ ecs }: Job, own: OwnDeployment["serviceDeployment"]): Promise<string | undefined> {
  const revision = own?.rollback?.serviceRevisionArn;
  return revision && (await describeServiceRevisions(ecs, [revision])).get(revision)?.taskDefinition;
}

async function findServiceDeployment(
  { ecs, steps, details }: Job,
  phase: Phase,
  taskDefinition: string,
  since: Date,
): Promise<OwnDeployment["serviceDeployment"]> {
  const known = steps.text(`${phase}-found`, "serviceDeployment");
  if (known) return (await describeServiceDeployments(ecs, [known]))[0];
  const oldestFirst = (await listServiceDeployments(ecs, details, since)).reverse();
  const revisions = await describeServiceRevisions(
    ecs,
    oldestFirst.flatMap((one) => one.targetServiceRevisionArn ?? []),
  );
  const own = oldestFirst.find(
    (one) => revisions.get(one.targetServiceRevisionArn ?? "")?.taskDefinition === taskDefinition,
  )?.serviceDeploymentArn;
  if (!own) return undefined;
  await steps.write(`${phase}-found`, { serviceDeployment: own });
  return (await describeServiceDeployments(ecs, [own]))[0];
}
