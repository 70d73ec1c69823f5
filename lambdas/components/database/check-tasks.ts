import type { ECSClient } from "@aws-sdk/client-ecs";
import type { DatabaseComponent } from "../../contracts/kinds/database.ts";
import type { TaskComponent, TaskRun } from "../../contracts/kinds/task.ts";
import type { Wish } from "../component.ts";
import { describeTaskDefinition } from "../ecs-service/reads.ts";

export type CheckTasks =
  | { readonly problem: string }
  | { readonly problem?: never; readonly tasks: Readonly<Record<string, TaskRun>> };

/** Everything that the tasks of integrity checks need to be started later, by the name of their component. */
export async function checkTasksOf(
  ecs: ECSClient,
  { checks }: DatabaseComponent,
  neighbours: Wish["neighbours"],
): Promise<CheckTasks> {
  const names = new Set(checks.map(({ task }) => task));
  const tasks: Record<string, TaskRun> = {};
  for (const name of names) {
    const task = neighbours[name];
    if (task?.kind !== "task")
      return { problem: `its check runs ${name}, which is no component of kind task.` };
    const described = await describeTaskDefinition(ecs, task.taskDefinition);
    const { taskDefinitionArn, status } = described?.taskDefinition ?? {};
    if (!taskDefinitionArn || status !== "ACTIVE") {
      return {
        problem: `its check runs ${task.taskDefinition}, which is no active task definition; register it.`,
      };
    }
    tasks[name] = runOf(task, taskDefinitionArn);
  }
  return { tasks };
}

/** A family became its newest revision: what runs is what the plan says, whatever is registered until then. */
function runOf(task: TaskComponent, taskDefinition: string): TaskRun {
  const { cluster, container, command, environment, launchType, subnets, securityGroups } = task;
  const { assignPublicIp, safeToRepeat, logGroup, logStreamPrefix } = task;
  return {
    cluster,
    taskDefinition,
    container,
    command,
    environment,
    launchType,
    subnets,
    securityGroups,
    assignPublicIp,
    safeToRepeat,
    ...(logGroup === undefined ? {} : { logGroup }),
    ...(logStreamPrefix === undefined ? {} : { logStreamPrefix }),
  };
}
