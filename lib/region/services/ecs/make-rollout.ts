import type { DeploymentConfiguration } from "@aws-sdk/client-ecs";
import { shiftsTraffic } from "./deployment-configuration.ts";
import type { EcsWorld } from "./ecs-world.ts";
import type { Rollout, ServiceRevisionRecord } from "./rollout.ts";
import type { ServiceRecord } from "./service-record.ts";

/** A new PRIMARY rollout of the revision, in progress and without tasks. `blue` is what serves so far. */
export function makeRollout(
  world: EcsWorld,
  service: ServiceRecord,
  revision: ServiceRevisionRecord,
  blue: Rollout | undefined,
): Rollout {
  const id = `ecs-svc/${world.digits()}`;
  return {
    id,
    revision,
    externalId: undefined,
    createdAt: world.now,
    updatedAt: world.now,
    status: "PRIMARY",
    state: "IN_PROGRESS",
    stateReason: `ECS deployment ${id} in progress.`,
    wanted: service.desiredCount,
    failedTasks: 0,
    startFailures: 0,
    throttledUntil: 0,
    productionWeight: shiftsTraffic(service.configuration) ? 0 : 100,
    targetGroupArn: targetGroupFor(service.configuration, revision, blue),
  };
}

/**
 * Green takes whichever of the two target groups blue does not use [dts AdvancedConfiguration]. A rolling deployment
 * stays in the one that serves.
 */
function targetGroupFor(
  configuration: DeploymentConfiguration,
  { loadBalancers }: ServiceRevisionRecord,
  blue: Rollout | undefined,
): string | undefined {
  const first = loadBalancers[0]?.targetGroupArn;
  const alternate = loadBalancers[0]?.advancedConfiguration?.alternateTargetGroupArn;
  if (alternate === undefined || blue === undefined) return first;
  const blueIsAlternate = blue.targetGroupArn === alternate;
  return blueIsAlternate === shiftsTraffic(configuration) ? first : alternate;
}
