import type { Task } from "@aws-sdk/client-ecs";
import { lastLines } from "./last-lines.ts";
import { idOf, type Running, type RunTick } from "./running.ts";

/** How a task ended, as far as anybody can say. */
export interface TaskEnd {
  /** Of the container that does the work; absent when it never started, or when its host took it along. */
  readonly exitCode?: number;
  /** Its process began, or may have. */
  readonly ran: boolean;
  /** ECS has forgotten it before anybody looked. */
  readonly unknown?: boolean;
  readonly reason: string;
}

/** Reads the end of a stopped task: only the named container counts (docs/facts/database.md §9). */
export function endOf(task: Task, containerName: string): TaskEnd {
  const container = task.containers?.find(({ name }) => name === containerName);
  const words = [container?.reason, task.stopCode, task.stoppedReason].filter((word) => word);
  const reason = [...new Set(words)].join(", ").slice(0, REASON_LENGTH) || "ECS gave no reason";
  const { exitCode } = container ?? {};
  // Without a start time no process of it ever began (docs/facts/ecs.md §6.1).
  const ran = exitCode !== undefined || task.startedAt !== undefined;
  return { ran, reason, ...(exitCode === undefined ? {} : { exitCode }) };
}

/** Keeps the end, because ECS forgets it. */
export async function recordEnd<Name extends string>(
  { steps, name }: Running<Name>,
  { exitCode, ran, unknown = false, reason }: TaskEnd,
): Promise<void> {
  const code = exitCode === undefined ? {} : { exitCode };
  await steps.write(`${name}-task-ended`, { ran: ran ? 1 : 0, unknown: unknown ? 1 : 0, reason, ...code });
}

/** The end that was recorded. */
export function endIn<Name extends string>({
  steps,
  name,
}: Pick<Running<Name>, "steps" | "name">): TaskEnd | undefined {
  const step = `${name}-task-ended` as const;
  if (!steps.has(step)) return undefined;
  const exitCode = steps.number(step, "exitCode");
  return {
    ran: steps.number(step, "ran") === 1,
    unknown: steps.number(step, "unknown") === 1,
    reason: steps.text(step, "reason") ?? "",
    ...(exitCode === undefined ? {} : { exitCode }),
  };
}

/** Says how it ended, with its last lines when it did not end well. */
export async function tell<Name extends string>(running: Running<Name>, end: TaskEnd): Promise<RunTick> {
  const { ran, reason, exitCode, unknown } = end;
  const taskArn = running.steps.text(`${running.name}-task-started`, "taskArn");
  const task = taskArn === undefined ? "The task" : `The task ${idOf(taskArn)}`;
  if (exitCode === 0) return { status: "done", note: `${task} ended with exit code 0.` };
  const lines = taskArn === undefined ? "" : await lastLines(running, idOf(taskArn));
  if (unknown) {
    const note = `Nobody can say how ${task.toLowerCase()} ended: ${reason}. Look at what it did before you run it again.${lines}`;
    return { status: "failed", code: "END_UNKNOWN", note, ran };
  }
  if (exitCode !== undefined) {
    const note = `${task} ended with exit code ${exitCode}.${lines}`;
    return { status: "failed", code: "TASK_FAILED", note, ran };
  }
  const how = ran ? "was stopped before it could end" : "never started";
  return { status: "failed", code: "TASK_FAILED", note: `${task} ${how}: ${reason}.${lines}`, ran };
}

const REASON_LENGTH = 500;
