import type { TaskDefinition } from "@aws-sdk/client-ecs";
import type { TaskComponent, TaskRun } from "../../contracts/kinds/task.ts";
import { nameOf } from "../ecs-service/content.ts";

/** What a container is told to do. */
export type Command = Pick<TaskRun, "container" | "command" | "environment">;

/** "overrides JSON ≤8192 chars" (docs/facts/ecs.md §6.1); what the rollback itself adds to the environment needs room. */
const LONGEST_OVERRIDES = 8_192 - 512;

/** Why ECS would not start this task, or IAM would not let it: a sentence; undefined when nothing speaks against it. */
export function obstacleTo(
  { taskRoles }: TaskComponent,
  { container, command, environment }: Command,
  definition: TaskDefinition,
  { subnets }: Pick<TaskRun, "subnets">,
): string | undefined {
  const name = nameOf(definition.taskDefinitionArn ?? "");
  if (definition.status !== "ACTIVE") {
    return `the task definition ${name} is ${definition.status ?? "not active"}, so ECS would refuse to run it.`;
  }
  const containers = (definition.containerDefinitions ?? []).flatMap((one) => one.name ?? []);
  if (!containers.includes(container)) {
    return `${name} has no container ${container}; it has ${containers.join(", ")}.`;
  }
  const roles = [definition.taskRoleArn, definition.executionRoleArn].flatMap((role) => role ?? []);
  const foreign = roles.find((role) => !taskRoles.includes(role));
  if (foreign !== undefined) {
    return `${name} needs the role ${foreign}, which may not be passed; add it to its taskRoles and deploy.`;
  }
  // "required for awsvpc" (docs/facts/ecs.md §6.1).
  if (definition.networkMode === "awsvpc" && subnets.length === 0) {
    return `${name} needs subnets, and neither it nor its first service names any.`;
  }
  const settings = Object.entries(environment).map(([key, value]) => ({ name: key, value }));
  const overrides = { containerOverrides: [{ name: container, command, environment: settings }] };
  if (JSON.stringify(overrides).length > LONGEST_OVERRIDES) {
    return "its command and environment are longer than the 8,192 characters that ECS takes; put them into the image.";
  }
  return undefined;
}
