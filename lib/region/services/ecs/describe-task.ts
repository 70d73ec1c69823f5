import type { Container, HealthStatus, NetworkInterface, Task } from "@aws-sdk/client-ecs";
import type { EcsWorld } from "./ecs-world.ts";
import type { HealthProbe } from "./health-probe.ts";
import { addressOf } from "./task-address.ts";
import type { ContainerRecord, TaskRecord } from "./task-record.ts";

/** A task as DescribeTasks and the task state change event show it. */
export function describeTask(
  world: EcsWorld,
  task: TaskRecord,
  { withTags = false }: { readonly withTags?: boolean } = {},
): Task {
  return {
    taskArn: task.arn,
    clusterArn: task.cluster.arn,
    ...(task.definition.taskDefinitionArn === undefined
      ? {}
      : { taskDefinitionArn: task.definition.taskDefinitionArn }),
    group: task.group,
    ...(task.startedBy === undefined ? {} : { startedBy: task.startedBy }),
    ...(task.launchType === undefined ? {} : { launchType: task.launchType }),
    ...(task.capacityProviderName === undefined ? {} : { capacityProviderName: task.capacityProviderName }),
    ...(task.platformVersion === undefined ? {} : { platformVersion: task.platformVersion }),
    availabilityZone: `${world.context.region}${"abc"[Number.parseInt(task.id.slice(0, 1), 16) % 3]}`,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    healthStatus: healthStatus(task.check),
    containers: task.containers.map((container) => describeContainer(task, container)),
    ...(task.definition.cpu === undefined ? {} : { cpu: task.definition.cpu }),
    ...(task.definition.memory === undefined ? {} : { memory: task.definition.memory }),
    overrides: {
      ...task.overrides,
      // Every container has an entry, whether or not something of it is overridden.
      containerOverrides: task.containers.map(
        ({ name }) =>
          task.overrides.containerOverrides?.find((override) => override.name === name) ?? { name },
      ),
    },
    attachments: [],
    version: task.version,
    createdAt: new Date(task.createdAt),
    ...moment("pullStartedAt", task.pullStartedAt),
    ...moment("pullStoppedAt", task.pullStoppedAt),
    ...moment("startedAt", task.startedAt),
    ...moment("stoppingAt", task.stoppingAt),
    ...moment("executionStoppedAt", task.executionStoppedAt),
    ...moment("stoppedAt", task.stoppedAt),
    ...(task.stopCode === undefined ? {} : { stopCode: task.stopCode }),
    ...(task.stoppedReason === undefined ? {} : { stoppedReason: task.stoppedReason }),
    ...(withTags ? { tags: [...task.tags] } : {}),
  };
}

function describeContainer(task: TaskRecord, container: ContainerRecord): Container {
  return {
    containerArn: container.arn,
    taskArn: task.arn,
    name: container.name,
    image: container.image,
    ...(container.digest === undefined ? {} : { imageDigest: container.digest }),
    ...(task.startedAt === undefined ? {} : { runtimeId: container.runtimeId }),
    lastStatus: containerStatus(task),
    ...(container.exitCode === undefined ? {} : { exitCode: container.exitCode }),
    ...(container.reason === undefined ? {} : { reason: container.reason }),
    healthStatus: healthStatus(task.check),
    networkInterfaces: networkInterfacesOf(task),
  };
}

/** Every container of an `awsvpc` task is shown with the task's own interface [dts NetworkInterface]. */
function networkInterfacesOf(task: TaskRecord): NetworkInterface[] {
  const privateIpv4Address = addressOf(task);
  return privateIpv4Address === undefined ? [] : [{ privateIpv4Address }];
}

/** A container knows three states only: PENDING, RUNNING, STOPPED. */
function containerStatus(task: TaskRecord): string {
  if (task.lastStatus === "STOPPED" || task.executionStoppedAt !== undefined) return "STOPPED";
  return task.startedAt === undefined ? "PENDING" : "RUNNING";
}

/** UNKNOWN without a container health check; the load balancer's opinion is not part of it [dts Container]. */
function healthStatus(check: HealthProbe | undefined): HealthStatus {
  if (check?.state === "healthy") return "HEALTHY";
  return check?.state === "unhealthy" ? "UNHEALTHY" : "UNKNOWN";
}

function moment<Name extends string>(name: Name, at: number | undefined): { [Key in Name]?: Date } {
  const found: { [Key in Name]?: Date } = {};
  if (at !== undefined) found[name] = new Date(at);
  return found;
}
