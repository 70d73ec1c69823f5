import type { ServiceTarget } from "../../application/service-target.ts";
import type { EcsWorld } from "./ecs-world.ts";
import { runningImage } from "./running-image.ts";
import { keptTasks } from "./service-record.ts";
import type { ServiceTask } from "./task-record.ts";

/** The registered targets of a service that may get new requests; draining ones may not. */
export function serviceTargets(world: EcsWorld, cluster: string, name: string): ServiceTarget[] {
  const service = world.services.get(world.serviceArn(cluster, name));
  if (!service) return [];
  return keptTasks(service).flatMap((task) => {
    const target = targetOf(world, task);
    return target ? [target] : [];
  });
}

function targetOf(world: EcsWorld, task: ServiceTask): ServiceTarget | undefined {
  const { target, startedAt, rollout } = task;
  if (!target || target.state === "draining" || startedAt === undefined) return undefined;
  return {
    taskArn: task.arn,
    targetGroupArn: rollout.targetGroupArn ?? "",
    state: target.state,
    startedAt,
    weight: rollout.productionWeight,
    image: runningImage(task.main),
    behaviour: world.behaviourOf(task),
  };
}
