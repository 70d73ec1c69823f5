import type { ECSClient, Service } from "@aws-sdk/client-ecs";
import type { EcsMove } from "../../../contracts/kinds/ecs-service.ts";
import { type Content, labelOf, nameOf, type RunningImage } from "../content.ts";
import { checkImage, type Registry } from "../image-check.ts";
import { describeTaskDefinition } from "../reads.ts";
import { imagesOf, type Registration, registrationOf } from "../registration.ts";

/** Whether a target can be started, and what has to be done for it. */
export type Feasibility =
  | { readonly problem: string }
  | {
      readonly problem?: never;
      readonly clone?: EcsMove["clone"];
      /** Why the task definition itself cannot be started as it is; `clone` is also needed to deploy what runs already. */
      readonly needsCopy?: EcsMove["clone"];
      readonly images: readonly RunningImage[];
      readonly warnings: readonly string[];
    };

/**
 * Checks everything about a target that could make its tasks fail to start and that can be read beforehand.
 *
 * @param stored the checkpoint's registration, for when AWS has forgotten the task definition
 */
export async function feasibilityOf(
  clients: Registry & { readonly ecs: ECSClient },
  service: Service,
  current: Content,
  target: Content,
  stored: Registration | undefined,
): Promise<Feasibility> {
  const described = await describeTaskDefinition(clients.ecs, target.taskDefinition);
  const registration = described ? registrationOf(described.taskDefinition, described.tags) : stored;
  const name = nameOf(target.taskDefinition);
  if (!registration) {
    return {
      problem: `AWS no longer knows the task definition ${name} and no checkpoint stored a copy; choose another version.`,
    };
  }
  const misfit = loadBalancerMisfit(service, registration);
  if (misfit) return { problem: `${name} does not fit the service: ${misfit}` };

  const images = imagesOf(registration, target.images);
  const checks = await Promise.all(images.map((image) => checkImage(clients, image)));
  const problem = checks.find((check) => check.problem)?.problem;
  if (problem) return { problem: `${labelOf(target)} cannot be started: ${problem}` };

  // Only an ACTIVE task definition can be deployed [docs/facts/ecs.md §1.4]. Deploying the one that already runs does
  // nothing, so other digests under the same name need a copy too [§5, "same task def"].
  const inactive = described?.taskDefinition.status !== "ACTIVE";
  const moved = checks.some((check) => check.tagMoved);
  const needsCopy = inactive ? "inactive" : moved ? "tag-moved" : undefined;
  const same = target.taskDefinition === current.taskDefinition;
  const clone = needsCopy ?? (same ? "tag-moved" : undefined);
  const warnings = checks.flatMap((check) => check.warning ?? []);
  if (inactive) warnings.push(`${name} is no longer active; a copy of it is registered.`);
  return {
    images,
    warnings,
    ...(clone ? { clone } : {}),
    ...(needsCopy ? { needsCopy } : {}),
  };
}

/** A service's load balancer needs a container of this name with this port [docs/facts/ecs.md §2.3]. */
function loadBalancerMisfit(service: Service, registration: Registration): string | undefined {
  for (const { containerName, containerPort } of service.loadBalancers ?? []) {
    if (!containerName) continue;
    const container = registration.containerDefinitions?.find((one) => one.name === containerName);
    const ports = container?.portMappings?.map((mapping) => mapping.containerPort) ?? [];
    if (container && (containerPort === undefined || ports.includes(containerPort))) continue;
    return `its load balancer needs the container ${containerName} with port ${containerPort}, which that version does not have. Put the load balancer back first.`;
  }
  return undefined;
}
