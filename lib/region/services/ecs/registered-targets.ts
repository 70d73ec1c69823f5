import type { EcsWorld } from "./ecs-world.ts";
import { addressOf } from "./task-address.ts";
import type { ServiceTask, TaskRecord } from "./task-record.ts";

/** A target as its load balancer knows it. */
export interface EcsTarget {
  readonly id: string;
  readonly port: number;
  readonly state: "initial" | "healthy" | "unhealthy" | "draining";
}

/**
 * What ECS has registered in a target group: tasks from RUNNING until they are drained. The target of a task without a
 * network interface of its own is the instance that it runs on; every task has one to itself here.
 */
export function registeredTargets(world: EcsWorld, targetGroupArn: string): EcsTarget[] {
  return [...world.tasks.values()].filter(isRegistered).flatMap((task) => {
    if (task.rollout.targetGroupArn !== targetGroupArn || !task.target) return [];
    const id = addressOf(task) ?? `i-${task.id.slice(0, 17)}`;
    const port = task.rollout.revision.loadBalancers[0]?.containerPort ?? 0;
    return [{ id, port, state: task.target.state }];
  });
}

function isRegistered(task: TaskRecord): task is ServiceTask {
  const over = task.stoppingAt !== undefined || task.executionStoppedAt !== undefined;
  return task.kind === "service" && task.startedAt !== undefined && !over;
}
