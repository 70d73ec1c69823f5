import { asked, isNamed } from "../aws-call.ts";
import type { Job } from "./job.ts";
import type { Change } from "./shapes/shape.ts";

/**
 * How long a change that RDS may have accepted can stay invisible: until then it is not sent again. The real length is
 * unknown; a guard that is too short multiplies renames (docs/facts/database.md §12, §13).
 */
export const GUARD_SECONDS = 600;

/** `sent`: accepted now. `waiting`: an earlier one may still become visible. `busy`: RDS takes it later. */
export type Sent = "sent" | "waiting" | "busy";

/**
 * Sends a change that RDS cannot compare-and-set, once: the intention is written down first, and a change whose answer
 * was lost is not repeated before it had time to show. Refusals are thrown.
 */
export async function sendOnce(job: Job, change: Change): Promise<Sent> {
  const { key, what, send, facts = {} } = change;
  const { steps } = job;
  const step = `${key}-intended` as const;
  if (!change.repeatable && mayBeUnderWay(job, key)) return "waiting";
  const times = (steps.number(step, "times") ?? 0) + 1;
  await steps.write(step, { ...facts, what, times });
  const error = await send().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined || isAlreadySo(error)) return "sent";
  // With a single attempt a refusal is certain: that request changed nothing, and may be sent again at once.
  if (isRefusal(error)) await steps.write(step, { ...facts, what, times: times - 1, rejected: 1 });
  if (isBusy(error)) return "busy";
  return asked(what, Promise.reject(error));
}

/** Sends a change once, and says in words what became of it: for whoever looks again later. */
export async function sendAndTell(job: Job, change: Change): Promise<string> {
  const sent = await sendOnce(job, change);
  return sent === "busy" ? `Waiting until RDS takes it: ${change.what}.` : `RDS is ${change.what}.`;
}

/** Whether a change was sent so recently that it may have been accepted without showing yet. */
export function mayBeUnderWay({ steps, clock }: Job, key: string): boolean {
  const step = `${key}-intended` as const;
  const at = steps.timeOf(step);
  if (!at || steps.number(step, "rejected") === 1) return false;
  return clock().getTime() - at.getTime() < GUARD_SECONDS * 1_000;
}

/** How often a change was sent that RDS did not refuse. */
export function timesSent({ steps }: Job, key: string): number {
  return steps.number(`${key}-intended`, "times") ?? 0;
}

/** AWS's answer that it takes the change later; the second text is that of a monitoring role still new (§2). */
export function isBusy(error: unknown): boolean {
  if (isNamed(error, "InvalidDBInstanceStateFault", "InvalidDBInstanceState", "InvalidDBClusterStateFault")) {
    return true;
  }
  return (
    isNamed(error, "InvalidParameterValue") &&
    error instanceof Error &&
    /IAM role ARN value/.test(error.message)
  );
}

/** "No modifications were requested": it is already as it should be (docs/facts/database.md §2). */
function isAlreadySo(error: unknown): boolean {
  return (
    isNamed(error, "InvalidParameterCombination") &&
    error instanceof Error &&
    /No modifications were requested/i.test(error.message)
  );
}

/** An answer that says no, throttling included; a lost answer or a server's fault leaves it open. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && "$fault" in error && error.$fault === "client";
}
