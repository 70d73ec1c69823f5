import { arnOf } from "../../region-context.ts";
import type { EcsWorld } from "./ecs-world.ts";
import type { Rollout } from "./rollout.ts";
import type { ServiceDeployment } from "./service-deployment.ts";
import type { ServiceRecord } from "./service-record.ts";

/** A new service deployment, PENDING, with the service's configuration of this moment. */
export function makeServiceDeployment(
  world: EcsWorld,
  service: ServiceRecord,
  target: Rollout,
  sources: readonly Rollout[],
  blue: Rollout | undefined,
): ServiceDeployment {
  const { configuration } = service;
  const id = Array.from({ length: 21 }, () => ID_ALPHABET[world.random.integer(0, 61)]).join("");
  return {
    arn: arnOf(world.context, "ecs", `service-deployment/${service.cluster.name}/${service.name}/${id}`),
    createdAt: world.now,
    target,
    sources: sources.map(({ revision }) => revision),
    blue,
    configuration,
    startedAt: undefined,
    finishedAt: undefined,
    stoppedAt: undefined,
    updatedAt: world.now,
    status: "PENDING",
    statusReason: undefined,
    stage: undefined,
    stageSince: world.now,
    rollback: undefined,
    breaker: configuration.deploymentCircuitBreaker?.enable ? "MONITORING" : "DISABLED",
    alarms: { status: "DISABLED", triggered: [] },
    bakingSince: undefined,
  };
}

/** The ids look like `OLM8zqSkPUsjz_-lRIUeE` (kayac/ecspresso#899). */
const ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
