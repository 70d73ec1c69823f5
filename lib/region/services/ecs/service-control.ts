import type { EcsWorld } from "./ecs-world.ts";
import { isTerminal } from "./service-deployment.ts";
import { latestDeployment } from "./service-record.ts";
import { isExecuting } from "./task-record.ts";

/** What Application Auto Scaling, and a drill that plays another team, may do to a service besides API calls. */
export interface ServiceControl {
  /** Undefined when there is no such service, or it is not ACTIVE. */
  count(cluster: string, service: string): ServiceCount | undefined;
  setDesiredCount(cluster: string, service: string, count: number): void;
}

export interface ServiceCount {
  readonly desiredCount: number;
  readonly runningCount: number;
  /** Tasks whose process is alive: those that drain or stop still answer, and still write. */
  readonly executingCount: number;
  /** A deployment is under way, during which scale-in is off (docs/facts/ecs.md §2.3). */
  readonly deploying: boolean;
}

export function serviceControl(world: EcsWorld): ServiceControl {
  const find = (cluster: string, name: string) => {
    const service = world.services.get(world.serviceArn(cluster, name));
    return service?.status === "ACTIVE" ? service : undefined;
  };
  return {
    count: (cluster, name) => {
      const service = find(cluster, name);
      if (!service) return undefined;
      const tasks = [...service.tasks];
      const latest = latestDeployment(service);
      const moreSets = service.controller !== "ECS" && service.rollouts.length > 1;
      return {
        desiredCount: service.desiredCount,
        runningCount: tasks.filter(({ lastStatus }) => lastStatus === "RUNNING").length,
        executingCount: tasks.filter(isExecuting).length,
        deploying: moreSets || (latest !== undefined && !isTerminal(latest)),
      };
    },
    setDesiredCount: (cluster, name, count) => {
      const service = find(cluster, name);
      if (!service) throw new Error(`There is no ACTIVE service ${cluster}/${name} to scale`);
      service.desiredCount = count;
      world.wake(service);
    },
  };
}
