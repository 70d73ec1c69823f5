import type { TaskDefinition } from "@aws-sdk/client-ecs";
import type { Random } from "../../kernel/random.ts";
import { arnOf } from "../../region-context.ts";
import type { EcsWorld } from "./ecs-world.ts";
import { HealthProbe } from "./health-probe.ts";
import type { ClusterRecord } from "./service-record.ts";
import type { ContainerRecord, TaskState } from "./task-record.ts";

/** What the starter of a task says of it. */
export type TaskOrder = Pick<
  TaskState,
  | "definition"
  | "group"
  | "startedBy"
  | "launchType"
  | "capacityProviderName"
  | "platformVersion"
  | "networkConfiguration"
  | "overrides"
  | "tags"
> & {
  readonly cluster: ClusterRecord;
  /** The container that stands for the task; the first essential one unless told. */
  readonly mainContainer?: string | undefined;
};

/** A task that has just been asked for: PROVISIONING, with an identity and its containers. */
export function makeTaskState(world: EcsWorld, random: Random, order: TaskOrder): TaskState {
  const { mainContainer, ...told } = order;
  const id = random.hex(32);
  const containers = (order.definition.containerDefinitions ?? []).map((container) => ({
    name: container.name ?? "",
    arn: arnOf(world.context, "ecs", `container/${order.cluster.name}/${id}/${random.uuid()}`),
    image: container.image ?? "",
    essential: container.essential ?? true,
    runtimeId: `${id}-${digits(random, 10)}`,
    digest: undefined,
    exitCode: undefined,
    reason: undefined,
  }));
  const arn = arnOf(world.context, "ecs", `task/${order.cluster.name}/${id}`);
  return {
    ...told,
    id,
    arn,
    containers,
    main: chooseMain(arn, containers, mainContainer),
    createdAt: world.now,
    lastStatus: "PROVISIONING",
    desiredStatus: "RUNNING",
    version: 1,
    pullStartedAt: undefined,
    pullStoppedAt: undefined,
    startedAt: undefined,
    stoppingAt: undefined,
    executionStoppedAt: undefined,
    stoppedAt: undefined,
    stopCode: undefined,
    stoppedReason: undefined,
    check: containerProbe(order.definition),
    timer: undefined,
  };
}

function chooseMain(
  arn: string,
  containers: readonly ContainerRecord[],
  wanted: string | undefined,
): ContainerRecord {
  const main =
    containers.find(({ name }) => name === wanted) ??
    containers.find(({ essential }) => essential) ??
    containers[0];
  if (!main) throw new Error(`Task ${arn} has no container`);
  return main;
}

/** The first of nineteen drawn: how many are drawn decides what every later draw of the same seed gives. */
function digits(random: Random, count: number): string {
  return Array.from({ length: 19 }, () => random.integer(1, 9))
    .join("")
    .slice(0, count);
}

/** The check of the first essential container that has one; defaults 30 s and 3 retries [dts HealthCheck]. */
function containerProbe(definition: TaskDefinition): HealthProbe | undefined {
  const checked = definition.containerDefinitions?.find(
    (container) => container.healthCheck !== undefined && container.essential !== false,
  );
  if (!checked?.healthCheck) return undefined;
  return new HealthProbe({
    intervalSeconds: checked.healthCheck.interval ?? 30,
    healthyAfter: 1,
    unhealthyAfter: checked.healthCheck.retries ?? 3,
  });
}
