import { createHash } from "node:crypto";
import { RunTaskCommand, type RunTaskCommandInput, type RunTaskResponse } from "@aws-sdk/client-ecs";
import { asked, isNamed, refusalText } from "../aws-call.ts";
import { type Running, type RunTick, working } from "./running.ts";

/** A cluster without room for a task is asked again for this long. */
const PLACED_WITHIN_SECONDS = 300;

/**
 * Asks ECS to start the task. The token is the same for the same attempt, so that asking again after a lost answer gives
 * the task that is already there (docs/facts/ecs.md §4).
 */
export async function askToRun<Name extends string>(
  running: Running<Name>,
  attempt: number,
): Promise<RunTick> {
  const { ecs, run } = running;
  let answer: RunTaskResponse;
  try {
    const command = new RunTaskCommand(requestOf(running, attempt));
    answer = await asked(`Starting a task of ${run.taskDefinition} in ${run.cluster}`, ecs.send(command));
  } catch (error) {
    const taskArn = taskInConflict(error);
    if (taskArn !== undefined) return started(running, attempt, taskArn);
    const refusal = refusalText(error);
    if (refusal === undefined) throw error;
    return refused(running, attempt, "REFUSED_BY_AWS", refusal);
  }
  const taskArn = answer.tasks?.[0]?.taskArn;
  if (taskArn !== undefined) return started(running, attempt, taskArn);

  // A reply of status 200 may say that nothing was started (docs/facts/database.md §9).
  const reasons = (answer.failures ?? []).map(({ reason, detail }) =>
    [reason, detail].filter(Boolean).join(": "),
  );
  const why = reasons.join("; ") || "ECS gave no reason";
  if (secondsAsked(running) <= PLACED_WITHIN_SECONDS)
    return working(`ECS cannot start the task yet: ${why}.`);
  return refused(running, attempt, "TASK_FAILED", `ECS could not start the task: ${why}.`);
}

/** Who started a task, by which it is found again: readable, and different for every attempt. */
export function startedByOf<Name extends string>(running: Running<Name>, attempt: number): string {
  const { rollbackId, component } = running;
  const readable = `stepback/${rollbackId}/${component}`.replace(/[^A-Za-z0-9/_-]/g, "_").slice(0, 100);
  return `${readable}/${digestOf(running, attempt).slice(0, 20)}`;
}

/** At most 64 characters of the range 33 to 126 (docs/facts/ecs.md §4). */
function digestOf<Name extends string>(
  { rollbackId, component, name }: Running<Name>,
  attempt: number,
): string {
  return createHash("sha256")
    .update(JSON.stringify([rollbackId, component, name, attempt]))
    .digest("hex");
}

function requestOf<Name extends string>(running: Running<Name>, attempt: number): RunTaskCommandInput {
  const { run, environment = {} } = running;
  const { container, command, subnets, securityGroups, assignPublicIp } = run;
  const settings = Object.entries({ ...run.environment, ...environment });
  return {
    cluster: run.cluster,
    taskDefinition: run.taskDefinition,
    launchType: run.launchType,
    count: 1,
    startedBy: startedByOf(running, attempt),
    clientToken: digestOf(running, attempt),
    overrides: {
      containerOverrides: [
        { name: container, command, environment: settings.map(([name, value]) => ({ name, value })) },
      ],
    },
    ...(subnets.length > 0
      ? {
          networkConfiguration: {
            awsvpcConfiguration: {
              subnets,
              securityGroups,
              assignPublicIp: assignPublicIp ? "ENABLED" : "DISABLED",
            },
          },
        }
      : {}),
  };
}

/** "same token, different params → ConflictException.resourceIds = existing task ARNs" (docs/facts/ecs.md §4). */
function taskInConflict(error: unknown): string | undefined {
  if (!isNamed(error, "ConflictException")) return undefined;
  const { resourceIds } = error as Error & { readonly resourceIds?: readonly string[] };
  return resourceIds?.[0];
}

async function started<Name extends string>(
  { steps, name }: Running<Name>,
  attempt: number,
  taskArn: string,
): Promise<RunTick> {
  await steps.write(`${name}-task-started`, { attempt, taskArn });
  return working("ECS began to start the task.");
}

/** Certain not to have started: asked again later, it starts for the first time. */
async function refused<Name extends string>(
  { steps, name }: Running<Name>,
  attempt: number,
  code: "REFUSED_BY_AWS" | "TASK_FAILED",
  note: string,
): Promise<RunTick> {
  await steps.write(`${name}-task-intended`, { attempt, refused: 1 });
  return { status: "failed", code, note, ran: false };
}

function secondsAsked<Name extends string>({ steps, name, clock }: Running<Name>): number {
  const since = steps.timeOf(`${name}-task-intended`)?.getTime() ?? clock().getTime();
  return (clock().getTime() - since) / 1_000;
}
