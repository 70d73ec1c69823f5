import * as sdk from "@aws-sdk/client-ecs";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import { describeTask } from "./describe-task.ts";
import type { EcsParts } from "./ecs-service.ts";
import { page } from "./page.ts";

/** ListTasks, DescribeTasks, StopTask. */
export function taskOperations(model: ServiceModel, parts: EcsParts): void {
  const { world, permissions, lifecycle } = parts;
  listing(model, parts);
  model
    .on(sdk.DescribeTasksCommand, {
      accepts: ["cluster", "tasks"],
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
        const found = references.map((reference) => {
          const arn = permissions.onTask("", input.cluster, reference).resource;
          return { arn, task: world.tasks.get(arn) };
        });
        return {
          tasks: found.flatMap(({ task }) => (task ? [describeTask(world, task)] : [])),
          failures: found.filter(({ task }) => !task).map(({ arn }) => ({ arn, reason: "MISSING" })),
        };
      },
    })
    .on(sdk.StopTaskCommand, {
      accepts: ["cluster", "task", "reason"],
      authorize: (input) => [permissions.onTask("ecs:StopTask", input.cluster, input.task)],
      handle: (input) => {
        world.cluster(input.cluster);
        const task = world.tasks.get(permissions.onTask("", input.cluster, input.task).resource);
        if (!task) {
          throw new AwsError("InvalidParameterException", "The referenced task was not found.");
        }
        lifecycle.stop(task, "UserInitiated", input.reason ?? "Task stopped by user");
        return { task: describeTask(world, task) };
      },
    });
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
        // "startedBy must be the only filter" [dts ListTasksRequest]; the text is unverified.
        throw new AwsError("InvalidParameterException", "startedBy cannot be combined with another filter.");
      }
      const service =
        input.serviceName === undefined ? undefined : world.service(input.cluster, input.serviceName);
      const arns = [...world.tasks.values()]
        .filter((task) => task.service.cluster === cluster)
        .filter((task) => service === undefined || task.service === service)
        .filter((task) => input.family === undefined || task.definition.family === input.family)
        .filter((task) => input.startedBy === undefined || task.rollout.id === input.startedBy)
        .filter((task) => task.desiredStatus === (input.desiredStatus ?? "RUNNING"))
        .map(({ arn }) => arn);
      const { items, next } = page(arns, input, 100);
      return { taskArns: items, ...next };
    },
  });
}
