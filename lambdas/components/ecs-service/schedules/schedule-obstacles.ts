import type { Found } from "./schedule-calls.ts";
import { isUnderstood, momentOf } from "./schedule-time.ts";

/** "The StartDate you specify cannot be earlier than 5 minutes ago": so says CreateSchedule (getmoto/moto#8172, seen with AWS). */
const OLD_START_MS = 5 * 60_000;
/** Longer than any pause: a start after that is still to come when the schedule is put back. */
const FAR_START_MS = 24 * 3_600_000;

/** Why an enabled schedule could not be put back as it was, as a sentence; undefined when it can. */
export function obstacleOf(
  schedule: string,
  found: Found,
  { roles, now }: { readonly roles: readonly string[]; readonly now: Date },
): string | undefined {
  const because = reasonOf(found, roles, now);
  return because && `The schedule ${schedule} ${because}, so it was not touched; disable it yourself.`;
}

function reasonOf(found: Found, roles: readonly string[], now: Date): string | undefined {
  if (found.State !== "ENABLED") return `is ${found.State}, which Stepback does not know`;
  if (!isUnderstood(found)) return `has the expression ${found.ScheduleExpression}, which is not understood`;
  if (!isRoleNamed(found, roles)) {
    return `uses the role ${found.Target.RoleArn}, which is not among the environment's scheduleRoles`;
  }
  // Its input is written anew with the key, for which Stepback has no right (Scheduler user guide, "Encryption at rest").
  if (found.KmsKeyArn !== undefined)
    return `is encrypted with ${found.KmsKeyArn}, which Stepback may not use`;
  const start = startOf(found)?.getTime();
  // Unverified whether UpdateSchedule refuses an old start too: this one would become old during the pause.
  if (start !== undefined && !isOldStart(found, now) && start < now.getTime() + FAR_START_MS) {
    return `begins at ${found.StartDate?.toISOString()}, which AWS may refuse to take back after that`;
  }
  return undefined;
}

/** Whether the environment names the role that the schedule's target uses: only such a role may be passed. */
export const isRoleNamed = ({ Target }: Found, roles: readonly string[]) =>
  roles.includes(Target.RoleArn ?? "");

/** Whether AWS might refuse its start: then a write that changes nothing finds out, before anything is changed. */
export function isOldStart(found: Found, now: Date): boolean {
  const start = startOf(found)?.getTime();
  return start !== undefined && start < now.getTime() - OLD_START_MS;
}

/** One-time schedules ignore their start (SDK, UpdateScheduleInput). */
const startOf = (found: Found) => (momentOf(found) ? undefined : found.StartDate);
