import type { Failure, RunTaskRequest, RunTaskResponse, Tag } from "@aws-sdk/client-ecs";
import { AwsError } from "../../service-model.ts";
import { describeTask } from "./describe-task.ts";
import type { EcsParts } from "./ecs-service.ts";
import type { TaskOrder } from "./make-task-state.ts";
import { checkRunTask } from "./run-task-checks.ts";
import type { TaskDefinitionRecord } from "./task-definitions.ts";

/**
 * RunTask: starts tasks that belong to no service. The same client token with the same parameters gives the same tasks
 * again (docs/facts/ecs.md §4); what does not fit is a failure in a reply of status 200.
 */
export function runTask(parts: EcsParts, input: RunTaskRequest): RunTaskResponse {
  const { world, runTaskTokens } = parts;
  const cluster = world.cluster(input.cluster);
  const earlier = runTaskTokens.find(cluster, input);
  if (earlier) return { tasks: earlier.map((task) => describeTask(world, task)), failures: [] };
  if (!world.options.tasks) {
    throw new AwsError(
      "UnsupportedFeatureException",
      "This region was given nothing that standalone tasks run.",
    );
  }
  const record = world.taskDefinitions.resolveUsable(input.taskDefinition ?? "");
  checkRunTask(input, record.definition);

  const room = world.roomIn(cluster);
  const count = input.count ?? 1;
  const order = orderFor(parts, input, record);
  const tasks = Array.from({ length: Math.min(count, room) }, () => parts.standalone.start(order));
  runTaskTokens.remember(cluster, input, tasks);
  return {
    tasks: tasks.map((task) => describeTask(world, task)),
    failures: Array.from({ length: count - tasks.length }, () => shortage(order)),
  };
}

function orderFor({ world }: EcsParts, input: RunTaskRequest, record: TaskDefinitionRecord): TaskOrder {
  const { definition } = record;
  const provider = input.capacityProviderStrategy?.[0]?.capacityProvider;
  const launchType = provider === undefined ? (input.launchType ?? "EC2") : "FARGATE";
  return {
    cluster: world.cluster(input.cluster),
    definition,
    group: input.group ?? `family:${definition.family}`,
    startedBy: input.startedBy,
    launchType,
    capacityProviderName: provider,
    platformVersion: launchType === "FARGATE" ? (input.platformVersion ?? "LATEST") : undefined,
    networkConfiguration: input.networkConfiguration,
    overrides: input.overrides ?? {},
    tags: tagsFor(input, record),
  };
}

/** The request's own tags win over propagated ones; which wins in AWS is unverified. */
function tagsFor({ tags = [], propagateTags }: RunTaskRequest, record: TaskDefinitionRecord): Tag[] {
  const inherited = propagateTags === "TASK_DEFINITION" ? record.tags : [];
  return [...inherited.filter(({ key }) => !tags.some((tag) => tag.key === key)), ...tags];
}

/** `RESOURCE:MEMORY` is among AWS's reasons (docs/facts/database.md §9); the words for Fargate are unverified. */
function shortage({ launchType }: TaskOrder): Failure {
  return launchType === "FARGATE"
    ? {
        reason:
          "Capacity is unavailable at this time. Please try again later or in a different availability zone",
      }
    : { reason: "RESOURCE:MEMORY" };
}
