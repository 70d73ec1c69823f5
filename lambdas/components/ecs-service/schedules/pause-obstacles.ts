import type { SchedulerClient } from "@aws-sdk/client-scheduler";
import { StepbackError } from "../../../contracts/errors.ts";
import type { EcsServiceComponent } from "../../../contracts/kinds/ecs-service.ts";
import type { Clock } from "../../component.ts";
import { findSchedule } from "./schedule-calls.ts";
import { obstacleOf } from "./schedule-obstacles.ts";
import { isOver } from "./schedule-time.ts";

interface Services {
  readonly scheduler: SchedulerClient;
  readonly clock: Clock;
}

/** Why writers could not be paused as things stand, a sentence each: known before anything slow is begun. Only reads. */
export async function pauseObstacles(
  services: Services,
  { connectedTasks }: EcsServiceComponent,
): Promise<string[]> {
  const { schedules = [], scheduleRoles: roles = [] } = connectedTasks ?? {};
  const obstacles = await Promise.all(schedules.map((name) => obstacle(services, name, roles)));
  return obstacles.filter((one) => one !== undefined);
}

/** The same where it is only worth a warning: code goes back even when nobody can say. */
export async function pauseWarnings(
  services: Services,
  configuration: EcsServiceComponent,
): Promise<string[]> {
  try {
    const obstacles = await pauseObstacles(services, configuration);
    return obstacles.map((one) => `Its writers could not be paused for data: ${one}`);
  } catch (error) {
    if (!(error instanceof StepbackError)) throw error;
    return [`Whether its writers could be paused for data is not known: ${error.message}`];
  }
}

async function obstacle(
  { scheduler, clock }: Services,
  name: string,
  roles: readonly string[],
): Promise<string | undefined> {
  try {
    const found = await findSchedule({ scheduler }, name);
    if (!found) return `The schedule ${name} does not exist; correct the environment.`;
    const starts = found.State !== "DISABLED" && !isOver(found, clock());
    return starts ? obstacleOf(name, found, { roles, now: clock() }) : undefined;
  } catch (error) {
    if (error instanceof StepbackError && error.name === "NotAllowed") return `${error.message}.`;
    throw error;
  }
}
