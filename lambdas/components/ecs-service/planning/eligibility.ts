import type { Service } from "@aws-sdk/client-ecs";
import type { EcsServiceComponent } from "../../../contracts/kinds/ecs-service.ts";
import { primaryOf, type ServiceAddress } from "../reads.ts";

/** Why a service can not be moved at all, as a sentence; undefined when it can. */
export function ineligible(
  service: Service | undefined,
  { cluster, service: name, codeDeploy }: ServiceAddress & Pick<EcsServiceComponent, "codeDeploy">,
): string | undefined {
  const what = `the service ${name} in cluster ${cluster}`;
  if (!service) return `${what} was not found; correct the environment or create the service.`;
  if (service.status !== "ACTIVE")
    return `${what} is being deleted (${service.status}); there is nothing to roll back.`;
  if (service.resourceManagementType === "ECS") {
    return `${what} is an Express Mode service, which has an interface of its own that Stepback does not speak; roll it back in the console.`;
  }
  // Absent means ECS [docs/facts/ecs.md §1.1].
  const controller = service.deploymentController?.type ?? "ECS";
  if (controller === "CODE_DEPLOY" && !codeDeploy) {
    return `${what} is deployed by CodeDeploy, and the environment does not say by which application and deployment group; add codeDeploy to it.`;
  }
  if (controller === "ECS" && codeDeploy) {
    return `${what} is deployed by ECS itself, not by CodeDeploy; remove codeDeploy from the environment.`;
  }
  if (controller === "EXTERNAL") {
    return `${what} is deployed by an external controller, which alone may change it; roll back there.`;
  }
  if (!primaryOf(service))
    return `${what} has no PRIMARY deployment or task set yet; there is nothing to roll back.`;
  return undefined;
}
