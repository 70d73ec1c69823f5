/** Time kept for answering before Lambda ends the invocation: one slow AWS call with its retries. */
const RESERVE_MILLIS = 40_000;

/**
 * Ticks until there is nothing to wait for or this invocation's time is nearly over; the workflow then calls again.
 * Waiting inside one invocation notices the end within one wait and costs no state transitions (docs/adr/0004).
 */
export async function follow<T extends { readonly status: string; readonly waitSeconds?: number }>(
  tick: () => Promise<T>,
  { sleep, remainingMillis }: { sleep: (seconds: number) => Promise<void>; remainingMillis: () => number },
): Promise<T> {
  for (;;) {
    const answer = await tick();
    const wait = answer.waitSeconds;
    if (wait === undefined || remainingMillis() < wait * 1_000 + RESERVE_MILLIS) return answer;
    await sleep(wait);
  }
}
