import { DescribeTasksCommand, ListTasksCommand, type Task } from "@aws-sdk/client-ecs";
import { asked, isNamed } from "../aws-call.ts";
import { startedByOf } from "./ask-to-run.ts";
import type { Running } from "./running.ts";

/** The task of this attempt: from the journal, else by who started it, when the answer of RunTask was lost. */
export async function findOwnTask<Name extends string>(
  running: Running<Name>,
  attempt: number,
): Promise<string | undefined> {
  const { steps, name } = running;
  const step = `${name}-task-started` as const;
  if (steps.number(step, "attempt") === attempt) return steps.text(step, "taskArn");
  const taskArn =
    (await listOwn(running, attempt, "RUNNING")) ?? (await listOwn(running, attempt, "STOPPED"));
  if (taskArn !== undefined) await steps.write(step, { attempt, taskArn });
  return taskArn;
}

/** Undefined while ECS does not show it yet, and once it has forgotten it: a failure MISSING, no exception. */
export async function describeOwnTask<Name extends string>(
  { ecs, run }: Running<Name>,
  taskArn: string,
): Promise<Task | undefined> {
  const command = new DescribeTasksCommand({ cluster: run.cluster, tasks: [taskArn] });
  const { tasks } = await asked(`Reading the task ${taskArn}`, ecs.send(command));
  return tasks?.[0];
}

async function listOwn<Name extends string>(
  running: Running<Name>,
  attempt: number,
  desiredStatus: "RUNNING" | "STOPPED",
): Promise<string | undefined> {
  const { cluster } = running.run;
  const command = new ListTasksCommand({ cluster, startedBy: startedByOf(running, attempt), desiredStatus });
  try {
    const { taskArns } = await asked(
      `Looking for the task of ${running.component}`,
      running.ecs.send(command),
    );
    return taskArns?.[0];
  } catch (error) {
    // Then RunTask says so too, and its words are the better ones.
    if (isNamed(error, "ClusterNotFoundException")) return undefined;
    throw error;
  }
}
