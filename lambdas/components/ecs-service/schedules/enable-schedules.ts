import type { Service } from "@aws-sdk/client-ecs";
import { StepbackError } from "../../../contracts/errors.ts";
import type { Tick } from "../../../contracts/tick.ts";
import { isNamed, refusalText } from "../../aws-call.ts";
import { noteLeft } from "../../steps.ts";
import type { Job } from "../job.ts";
import { isPaused } from "../pausing/writers.ts";
import { findSchedule, writeSchedule } from "./schedule-calls.ts";
import { isRoleNamed } from "./schedule-obstacles.ts";
import { namesOf, stateOf } from "./schedule-state.ts";
import { endOf, isOver } from "./schedule-time.ts";

/**
 * Enables what this rollback disabled, one schedule a call, once the service runs again; as it is now, with what somebody
 * changed meanwhile. What AWS does not take back is told, and tried again at the end of every verb: it must neither stop
 * nor revert what is back.
 */
export async function enableSchedules(job: Job, service: Service): Promise<Tick | undefined> {
  if (isPaused(job, service)) return undefined;
  for (const name of namesOf(job)) {
    if (!OURS.includes(stateOf(job, name) ?? "")) continue;
    const tick = await enable(job, name);
    if (tick) return tick;
  }
  const refused = namesOf(job).filter((name) => stateOf(job, name) === "refused");
  await noteLeft(job.steps, refused.map((name) => `the schedule ${name}`).join(", "));
  return undefined;
}

const OURS: readonly string[] = ["disabling", "disabled", "refused"];

async function enable(job: Job, name: string): Promise<Tick | undefined> {
  const { steps } = job;
  const step = `schedule-${name}` as const;
  const since = steps.text(step, "since") ?? steps.timeOf(step)?.toISOString() ?? "";
  try {
    return await enableFound(job, name, since);
  } catch (error) {
    const why = refusalOf(error);
    if (why === undefined) throw error;
    await steps.write(step, { state: "refused", since, why });
    return undefined;
  }
}

async function enableFound(job: Job, name: string, since: string): Promise<Tick | undefined> {
  const { answer, clock, details, steps } = job;
  const step = `schedule-${name}` as const;
  const found = await findSchedule(job, name);
  if (!found) {
    await steps.write(step, { state: "gone" });
    return answer.working(`The schedule ${name} is gone.`, 1);
  }
  if (found.State === "DISABLED" && isOver(found, clock())) {
    // Unverified what AWS does with a moment that has passed: it might run it now, which only people can want.
    await steps.write(step, { state: "missed", due: endOf(found)?.toISOString() ?? "" });
    return answer.working(`The time of the schedule ${name} has passed; it stays disabled.`, 1);
  }
  if (found.State === "DISABLED" && !isRoleNamed(found, details.connectedTasks?.scheduleRoles ?? [])) {
    const why = `its target uses ${found.Target.RoleArn} now, which scheduleRoles does not name`;
    await steps.write(step, { state: "refused", since, why });
    return undefined;
  }
  if (found.State === "DISABLED") await writeSchedule(job, found, "ENABLED");
  await steps.write(step, { state: "enabled", since });
  return answer.working(`The schedule ${name} is enabled again.`, 1);
}

/** Why AWS does not let a schedule be put back, as people may have made it meanwhile; undefined for trouble that passes. */
function refusalOf(error: unknown): string | undefined {
  if (error instanceof StepbackError && error.name === "NotAllowed") return error.message;
  return isNamed(error, "ValidationException", "ResourceNotFoundException")
    ? (refusalText(error) ?? String(error))
    : undefined;
}
