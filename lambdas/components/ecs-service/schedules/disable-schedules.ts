import type { Tick } from "../../../contracts/tick.ts";
import { isNamed, refusalText } from "../../aws-call.ts";
import type { Job } from "../job.ts";
import { writersOf } from "../pausing/writers.ts";
import { type Found, findSchedule, writeSchedule } from "./schedule-calls.ts";
import { isOldStart, obstacleOf } from "./schedule-obstacles.ts";
import { namesOf, stateOf } from "./schedule-state.ts";
import { endOf, isOver, PRECISION_SECONDS, quietAfter } from "./schedule-time.ts";

/**
 * Disables the schedules that start writers, one a call; undefined when none is left that was enabled. All are looked at
 * before the first is touched: one that could not be put back as it was fails the pause.
 */
export async function disableSchedules(job: Job): Promise<Tick | undefined> {
  const { answer, clock } = job;
  const pending: { readonly name: string; readonly found: Found }[] = [];
  for (const name of namesOf(job)) {
    if (stateOf(job, name) === "disabled") continue;
    const found = await findSchedule(job, name);
    if (!found && mayBeGone(job, name)) continue;
    if (!found)
      return answer.failed("NOT_ACTIVE", `The schedule ${name} does not exist; correct the environment.`);
    if (found.State === "ENABLED" && isOver(found, clock())) {
      const waiting = await untilQuiet(job, name, found);
      if (waiting) return waiting;
      continue;
    }
    const obstacle = found.State === "DISABLED" ? undefined : obstacleOf(name, found, rolesAndTime(job));
    if (obstacle) return answer.failed("NOT_UNDOABLE", obstacle);
    pending.push({ name, found });
  }
  for (const { name, found } of pending) {
    const tick = await disable(job, name, found);
    if (tick) return tick;
  }
  return undefined;
}

/** One that this rollback has seen may go, by itself or by somebody; so may one that it left alone, once writers stop. */
const mayBeGone = (job: Job, name: string) =>
  stateOf(job, name) !== undefined || writersOf(job)?.state !== "pausing";

/** What was just due is waited for before anything is stopped: then it is found among the tasks. */
async function untilQuiet(job: Job, name: string, found: Found): Promise<Tick | undefined> {
  const { answer, clock, steps } = job;
  const end = endOf(found) ?? clock();
  const seconds = (quietAfter(found, end).getTime() - clock().getTime()) / 1_000;
  if (seconds <= 0) return undefined;
  // It may delete itself when it has run.
  await steps.once(`schedule-${name}`, { state: "over" });
  return answer.working(
    `The schedule ${name} was just due; what it starts is waited for.`,
    Math.min(seconds, 60),
  );
}

async function disable(job: Job, name: string, found: Found): Promise<Tick | undefined> {
  const { answer, clock, steps } = job;
  const known = stateOf(job, name);
  if (found.State === "DISABLED" && known !== "disabling") return undefined;
  if (found.State === "ENABLED") {
    if (isOldStart(found, clock()) && known !== "tried" && known !== "disabling")
      return tryWriting(job, name);
    const latest = await intend(job, name, "disabling");
    // Disabled by now: by this rollback's other attempt, unless somebody else was as quick.
    const refused = latest?.State === "ENABLED" && (await write(job, name, latest, "DISABLED"));
    if (refused) return refused;
  }
  await steps.write(`schedule-${name}`, { state: "disabled" });
  return answer.working(`The schedule ${name} is disabled.`, 1);
}

/** Writes it as it is, enabled: if AWS refuses that now, it would refuse it when the schedule is put back. */
async function tryWriting(job: Job, name: string): Promise<Tick> {
  const { answer, steps } = job;
  const latest = await intend(job, name, "trying");
  if (latest?.State !== "ENABLED") return answer.working(`The schedule ${name} was just changed.`, 1);
  const refused = await write(job, name, latest, "ENABLED");
  if (refused) return refused;
  await steps.write(`schedule-${name}`, { state: "tried" });
  return answer.working(`The schedule ${name} can be put back as it is.`, 1);
}

/** Undefined when it is written. What AWS refuses before anything was changed, it would refuse afterwards too. */
async function write(
  job: Job,
  name: string,
  found: Found,
  state: "ENABLED" | "DISABLED",
): Promise<Tick | undefined> {
  try {
    await writeSchedule(job, found, state);
    return undefined;
  } catch (error) {
    if (!isNamed(error, "ValidationException")) throw error;
    const note = `The schedule ${name} could not be put back as it is, so it was not changed; disable it yourself.`;
    return job.answer.failed("NOT_UNDOABLE", `${note} ${refusalText(error) ?? ""}`.trim());
  }
}

/** Writes the intention down, and then reads the schedule once more: nothing comes between that and the call. */
async function intend(job: Job, name: string, state: "trying" | "disabling"): Promise<Found | undefined> {
  if (stateOf(job, name) !== state) await job.steps.write(`schedule-${name}`, { state });
  return findSchedule(job, name);
}

/**
 * Seconds until nothing that was due before a schedule was disabled can still be on its way. Unverified that a disabled
 * schedule invokes nothing more; AWS only says that it invokes within the minute.
 */
export function secondsUntilQuiet(job: Job): number {
  const { clock, steps } = job;
  const times = namesOf(job)
    .filter((name) => stateOf(job, name) === "disabled")
    .map((name) => steps.timeOf(`schedule-${name}`)?.getTime() ?? 0);
  return PRECISION_SECONDS - (clock().getTime() - Math.max(0, ...times)) / 1_000;
}

const rolesAndTime = ({ details, clock }: Job) => ({
  roles: details.connectedTasks?.scheduleRoles ?? [],
  now: clock(),
});
