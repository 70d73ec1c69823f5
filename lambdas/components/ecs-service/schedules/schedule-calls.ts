import {
  type FlexibleTimeWindow,
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  type Target,
  UpdateScheduleCommand,
  type UpdateScheduleCommandInput,
} from "@aws-sdk/client-scheduler";
import { StepbackError } from "../../../contracts/errors.ts";
import { asked, isNamed } from "../../aws-call.ts";
import type { Job } from "../job.ts";

/** A schedule as AWS shows it, with everything that writing it takes. */
export interface Found extends GetScheduleCommandOutput {
  readonly Name: string;
  readonly GroupName: string;
  readonly ScheduleExpression: string;
  readonly Target: Target;
  readonly FlexibleTimeWindow: FlexibleTimeWindow;
}

type State = UpdateScheduleCommandInput["State"];

/** The schedule of that name, `name` or `group/name`; undefined when there is none. */
export async function findSchedule(
  { scheduler }: Pick<Job, "scheduler">,
  schedule: string,
): Promise<Found | undefined> {
  const address = addressOf(schedule);
  try {
    const reading = scheduler.send(new GetScheduleCommand(address));
    return whole(address, await asked(`Reading the schedule ${schedule}`, reading));
  } catch (error) {
    if (isNamed(error, "ResourceNotFoundException")) return undefined;
    throw error;
  }
}

/**
 * Writes a schedule that was read a moment ago, with another state or the same. There is no compare-and-set: what
 * somebody changes between reading and writing is lost, so nothing may come between the two. The client's own token
 * repeats one call only; a token of ours would make a later call, with somebody's edit, a conflict.
 */
export async function writeSchedule({ scheduler }: Job, found: Found, state: State): Promise<void> {
  try {
    const command = new UpdateScheduleCommand(updateOf(found, state));
    await asked(`Writing the schedule ${found.Name}`, scheduler.send(command));
  } catch (error) {
    if (!isNamed(error, "ConflictException")) throw error;
    // Somebody, or AWS, changes it at this moment: it is read anew.
    throw new StepbackError("AwsBusy", `The schedule ${found.Name} is being changed`, { cause: error });
  }
}

/**
 * Everything that UpdateSchedule takes, as it is: "EventBridge Scheduler uses all values, including empty values [...] and
 * overrides the existing schedule" (API reference). Named are the members that cannot be written, so that one which a
 * later client knows is carried over too. Unverified that AWS shows none which this client does not know.
 */
export function updateOf(found: Found, State: State): UpdateScheduleCommandInput {
  const { $metadata: _, Arn, CreationDate, LastModificationDate, ...settings } = found;
  return { ...settings, State };
}

/** The members that AWS always answers and the client's types leave open. */
function whole(address: Address, output: GetScheduleCommandOutput): Found {
  const { ScheduleExpression, Target, FlexibleTimeWindow } = output;
  if (!ScheduleExpression || !Target || !FlexibleTimeWindow)
    throw new Error(`GetSchedule answered an incomplete schedule ${address.Name}`);
  return { ...output, ...address, ScheduleExpression, Target, FlexibleTimeWindow };
}

type Address = Pick<Found, "Name" | "GroupName">;

function addressOf(schedule: string): Address {
  const [first = "", second] = schedule.split("/");
  return second === undefined ? { GroupName: "default", Name: first } : { GroupName: first, Name: second };
}
