import { askToRun } from "./ask-to-run.ts";
import { describeOwnTask, findOwnTask } from "./own-task.ts";
import { idOf, type Running, type RunStep, type RunTick, working } from "./running.ts";
import { endIn, endOf, recordEnd, tell } from "./task-end.ts";

/** RunTask is eventually consistent: "back off from 2 s up to 5 min" (docs/facts/ecs.md §4). */
const VISIBLE_WITHIN_SECONDS = 300;
/**
 * How long RunTask may be asked again with the same token, when its answer was lost. The token lives for the lifetime
 * of the task and an hour more (docs/facts/ecs.md §4; unverified there); half of that hour is kept as a margin.
 */
const TOKEN_HOLDS_SECONDS = 1_800;
/** A task that may be repeated is started this often at most. */
const MOST_ATTEMPTS = 3;

/**
 * One tick of a task's run: starts it, finds it again after a crash or a lost answer, and tells how it ended. Done only
 * when the named container's exit code is 0. It is never started a second time by itself, unless it is declared safe to
 * repeat and nobody can say how it ended.
 */
export async function runTask<Name extends string>(running: Running<Name>): Promise<RunTick> {
  const { steps, name, clock, deadlineSeconds } = running;
  const end = endIn(running);
  if (end) return tell(running, end);
  const attempt = attemptOf(running);
  if (attempt === undefined) return begin(running, 1);
  if (steps.number(`${name}-task-intended`, "refused") === 1) return begin(running, attempt);

  const since = (step: RunStep<Name>) => (clock().getTime() - (steps.timeOf(step)?.getTime() ?? 0)) / 1_000;
  const taskArn = await findOwnTask(running, attempt);
  if (taskArn === undefined) {
    const seconds = since(`${name}-task-intended`);
    if (seconds > TOKEN_HOLDS_SECONDS) return endHidden(running, attempt);
    if (seconds <= Math.max(deadlineSeconds, VISIBLE_WITHIN_SECONDS)) return askToRun(running, attempt);
    // ECS would show it by now, and begun this late it would not end in time.
    await steps.write(`${name}-task-intended`, { attempt, refused: 1 });
    const note = "The task could not be started in time: ECS shows none, and did not answer.";
    return { status: "failed", code: "TOO_SLOW", note, ran: false };
  }
  const task = await describeOwnTask(running, taskArn);
  if (!task) {
    if (since(`${name}-task-started`) > VISIBLE_WITHIN_SECONDS) return endHidden(running, attempt);
    return working("The task was started; ECS does not show it yet.");
  }
  if (task.lastStatus === "STOPPED") return stopped(running, attempt, endOf(task, running.run.container));
  const seconds = since(`${name}-task-intended`);
  const status = `The task ${idOf(taskArn)} is ${(task.lastStatus ?? "on its way").toLowerCase()}`;
  if (seconds <= deadlineSeconds) return working(`${status}.`);
  // Killing a migration half way does more harm than its being late.
  const note = `${status} after ${Math.round(seconds / 60)} minutes; it was left running. Wait for its end, then start again.`;
  return { status: "failed", code: "TOO_SLOW", note, ran: true };
}

/** Whether the run was ever begun, and how often. */
export function attemptOf<Name extends string>({ steps, name }: Running<Name>): number | undefined {
  return steps.number(`${name}-task-intended`, "attempt");
}

async function begin<Name extends string>(running: Running<Name>, attempt: number): Promise<RunTick> {
  await running.steps.write(`${running.name}-task-intended`, { attempt });
  return askToRun(running, attempt);
}

/** A host that was lost takes the exit code with it: such an end is hidden, like that of a task that ECS forgot. */
async function stopped<Name extends string>(
  running: Running<Name>,
  attempt: number,
  end: ReturnType<typeof endOf>,
): Promise<RunTick> {
  const repeats = running.run.safeToRepeat && attempt < MOST_ATTEMPTS;
  if (end.ran && end.exitCode === undefined && repeats) return begin(running, attempt + 1);
  await recordEnd(running, end);
  return tell(running, end);
}

/** ECS shows stopped tasks for about an hour (docs/facts/database.md §9; unverified there). */
async function endHidden<Name extends string>(running: Running<Name>, attempt: number): Promise<RunTick> {
  if (running.run.safeToRepeat && attempt < MOST_ATTEMPTS) return begin(running, attempt + 1);
  const end = { ran: true, unknown: true, reason: "ECS does not show it any more" };
  await recordEnd(running, end);
  return tell(running, end);
}
