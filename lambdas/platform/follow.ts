import { asStepbackError } from "./aws-errors.ts";

/** Time kept for answering before Lambda ends the invocation: one slow AWS call with its retries. */
const RESERVE_MILLIS = 40_000;

/**
 * Ticks until there is nothing to wait for or this invocation's time is nearly over; the workflow then calls again.
 * Waiting inside one invocation notices the end within one wait and costs no state transitions (docs/adr/0004).
 *
 * Trouble that passes ends an invocation that got somewhere with its last answer: Step Functions counts the retries of
 * one task, so trouble that comes now and then in many minutes would use them up, as if nothing had worked in between.
 */
export async function follow<T extends { readonly status: string; readonly waitSeconds?: number }>(
  tick: () => Promise<T>,
  { sleep, remainingMillis }: { sleep: (seconds: number) => Promise<void>; remainingMillis: () => number },
): Promise<T> {
  let last: T | undefined;
  for (;;) {
    try {
      last = await tick();
    } catch (error) {
      if (last === undefined || asStepbackError(error, "Following").name !== "AwsBusy") throw error;
      return last;
    }
    const wait = last.waitSeconds;
    if (wait === undefined || remainingMillis() < wait * 1_000 + RESERVE_MILLIS) return last;
    await sleep(wait);
  }
}
