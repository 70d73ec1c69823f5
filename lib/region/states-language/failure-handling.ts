import type { MapState, ParallelState, TaskState } from "./definition.ts";
import { RetryBook } from "./retry-book.ts";
import type { Exit, Extras, StateRun } from "./state-run.ts";
import { fitting, isNamedBy, StatesError } from "./states-error.ts";

type GuardedState = TaskState | ParallelState | MapState;

/**
 * Runs a state's attempts under its Retry and Catch.
 *
 * @param attempt one attempt; what it throws as `StatesError` is retried, caught or passed on
 * @param onGivenUp told when the retries are used up, before any Catch
 */
export async function withFailureHandling(
  run: StateRun<GuardedState>,
  attempt: (retryCount: number) => Promise<Exit>,
  onGivenUp: () => void = () => undefined,
): Promise<Exit> {
  const retries = new RetryBook(run.state.Retry);
  for (;;) {
    try {
      return await attempt(retries.retryCount);
    } catch (error) {
      if (!(error instanceof StatesError)) throw error;
      const delaySeconds = retries.next(error, run.host.random);
      if (delaySeconds === undefined) {
        onGivenUp();
        return caught(run, error, retries.retryCount);
      }
      await run.line.sleep(Math.round(delaySeconds * 1_000));
    }
  }
}

/** The output and the variables of a state that ended well: both see the variables as they were on entry. */
export async function finish(run: StateRun<GuardedState>, extras: Extras): Promise<Exit> {
  const { Output, Assign, Next } = run.state;
  const output =
    Output === undefined ? (extras.result ?? null) : await run.evaluate(Output, "Output", extras);
  const assigned = await run.evaluateObject(Assign, "Assign", extras);
  return { output: fitting(output, run.name), assigned, next: Next };
}

async function caught(run: StateRun<GuardedState>, error: StatesError, retryCount: number): Promise<Exit> {
  const catchers = run.state.Catch ?? [];
  const index = catchers.findIndex(({ ErrorEquals }) => isNamedBy(error.error, ErrorEquals));
  const catcher = catchers[index];
  if (!catcher) throw error;
  const extras = { errorOutput: error.output, retryCount };
  // AWS's name for this location is unverified; the snapshots at hand have no failing expression in a Catch.
  const field = `Catch[${index}]`;
  const output =
    catcher.Output === undefined
      ? error.output
      : await run.evaluate(catcher.Output, `${field}/Output`, extras);
  const assigned = await run.evaluateObject(catcher.Assign, `${field}/Assign`, extras);
  return { output, assigned, next: catcher.Next };
}
