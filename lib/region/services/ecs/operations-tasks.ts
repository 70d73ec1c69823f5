import * as sdk from "@aws-sdk/client-ecs";
import { AwsError, type Permission, type ServiceModel } from "../../service-model.ts";
import { describeTask } from "./describe-task.ts";
import type { EcsParts } from "./ecs-service.ts";
import { page } from "./page.ts";
import { tagKeys } from "./permissions.ts";
import { runTask } from "./run-task.ts";
import type { TaskRecord } from "./task-record.ts";

/** RunTask, ListTasks, DescribeTasks, StopTask. */
export function taskOperations(model: ServiceModel, parts: EcsParts): void {
  running(model, parts);
  listing(model, parts);
  describing(model, parts);
  stopping(model, parts);
}

function running(model: ServiceModel, parts: EcsParts): void {
  model.on(sdk.RunTaskCommand, {
    accepts: [
      "cluster",
      "taskDefinition",
      "count",
      "launchType",
      "capacityProviderStrategy",
      "platformVersion",
      "networkConfiguration",
      "group",
      "startedBy",
      "clientToken",
      "tags",
      "propagateTags",
      "overrides.taskRoleArn",
      "overrides.executionRoleArn",
      "overrides.cpu",
      "overrides.memory",
      ...["name", "command", "environment", "cpu", "memory", "memoryReservation"].map(
        (member) => `overrides.containerOverrides.${member}`,
      ),
    ],
    authorize: (input) => runTaskPermissions(parts, input),
    handle: (input) => runTask(parts, input),
  });
}

/**
 * On the task definition, resolved to its revision before authorization (docs/facts/ecs.md §7), with the roles that the
 * task will have: an override's role takes the place of the definition's. Tasks have no id yet when they are tagged.
 */
function runTaskPermissions(
  { world, permissions }: EcsParts,
  input: sdk.RunTaskRequest,
): readonly Permission[] {
  const definition = world.taskDefinitions.find(input.taskDefinition ?? "")?.definition;
  const { taskRoleArn, executionRoleArn } = input.overrides ?? {};
  return [
    {
      action: "ecs:RunTask",
      resource: definition?.taskDefinitionArn ?? input.taskDefinition ?? "",
      context: {
        "ecs:cluster": world.clusterArn(input.cluster),
        ...tagKeys("aws:RequestTag", input.tags ?? []),
      },
    },
    ...permissions.passRoles({
      taskRoleArn: taskRoleArn ?? definition?.taskRoleArn,
      executionRoleArn: executionRoleArn ?? definition?.executionRoleArn,
    }),
    ...permissions.tagOnCreate("RunTask", permissions.onTask("", input.cluster, "*").resource, input.tags),
  ];
}

function listing(model: ServiceModel, { world }: EcsParts): void {
  model.on(sdk.ListTasksCommand, {
    accepts: ["cluster", "serviceName", "family", "startedBy", "desiredStatus", "nextToken", "maxResults"],
    authorize: (input) => [
      {
        action: "ecs:ListTasks",
        resource: `${world.clusterArn(input.cluster).replace(":cluster/", ":container-instance/")}/*`,
        context: { "ecs:cluster": world.clusterArn(input.cluster) },
      },
    ],
    handle: (input) => {
      const cluster = world.cluster(input.cluster);
      world.forgetOldTasks();
      if (input.startedBy !== undefined && (input.serviceName ?? input.family) !== undefined) {
        // "startedBy must be the only filter" [dts ListTasksRequest]; the text is unverified. Together with a desired
        // status it works: Airflow's ECS operator has used that for years.
        throw new AwsError("InvalidParameterException", "startedBy cannot be combined with another filter.");
      }
      const service =
        input.serviceName === undefined ? undefined : world.service(input.cluster, input.serviceName);
      const arns = [...world.tasks.values()]
        .filter((task) => task.cluster === cluster && isVisible(task, world.now))
        .filter((task) => service === undefined || (task.kind === "service" && task.service === service))
        .filter((task) => input.family === undefined || task.definition.family === input.family)
        .filter((task) => input.startedBy === undefined || task.startedBy === input.startedBy)
        .filter((task) => task.desiredStatus === (input.desiredStatus ?? "RUNNING"))
        .map(({ arn }) => arn);
      const { items, next } = page(arns, input, 100);
      return { taskArns: items, ...next };
    },
  });
}

function describing(model: ServiceModel, { world, permissions }: EcsParts): void {
  model.on(sdk.DescribeTasksCommand, {
    accepts: ["cluster", "tasks", "include"],
    authorize: (input) =>
      (input.tasks ?? []).map((task) => permissions.onTask("ecs:DescribeTasks", input.cluster, task)),
    handle: (input) => {
      world.cluster(input.cluster);
      world.forgetOldTasks();
      const references = input.tasks ?? [];
      if (references.length === 0) {
        throw new AwsError("InvalidParameterException", "Tasks cannot be empty.");
      }
      if (references.length > 100) {
        throw new AwsError("InvalidParameterException", "Tasks cannot have more than 100 elements.");
      }
      const withTags = input.include?.includes("TAGS") ?? false;
      const found = references.map((reference) => {
        const arn = permissions.onTask("", input.cluster, reference).resource;
        const task = world.tasks.get(arn);
        return { arn, task: task && isVisible(task, world.now) ? task : undefined };
      });
      return {
        tasks: found.flatMap(({ task }) => (task ? [describeTask(world, task, { withTags })] : [])),
        failures: found.filter(({ task }) => !task).map(({ arn }) => ({ arn, reason: "MISSING" })),
      };
    },
  });
}

function stopping(model: ServiceModel, { world, permissions, lifecycle, standalone }: EcsParts): void {
  model.on(sdk.StopTaskCommand, {
    accepts: ["cluster", "task", "reason"],
    authorize: (input) => [permissions.onTask("ecs:StopTask", input.cluster, input.task)],
    handle: (input) => {
      world.cluster(input.cluster);
      world.forgetOldTasks();
      const task = world.tasks.get(permissions.onTask("", input.cluster, input.task).resource);
      if (!task) {
        throw new AwsError("InvalidParameterException", "The referenced task was not found.");
      }
      const reason = input.reason ?? "Task stopped by user";
      if (task.kind === "service") lifecycle.stop(task, "UserInitiated", reason);
      else standalone.stop(task, reason);
      return { task: describeTask(world, task) };
    },
  });
}

function isVisible(task: TaskRecord, now: number): boolean {
  return task.kind === "service" || now >= task.visibleFrom;
}
