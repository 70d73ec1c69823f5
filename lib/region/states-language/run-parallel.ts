import type { ParallelState } from "./definition.ts";
import { finish, withFailureHandling } from "./failure-handling.ts";
import { FanOut } from "./fan-out.ts";
import type { Exit, StateRun } from "./state-run.ts";
import { Thread } from "./thread.ts";

/** A Parallel state: every branch at the same time with the same input, their outputs in order. */
export function runParallel(run: StateRun<ParallelState>): Promise<Exit> {
  const { Arguments, Branches } = run.state;
  const fanOut = new FanOut(run);
  return withFailureHandling(
    run,
    async (retryCount) => {
      await fanOut.start(async () => {
        const input =
          Arguments === undefined
            ? run.visit.input
            : await run.evaluate(Arguments, "Arguments", { retryCount });
        const lastEventId = run.note("ParallelStateStarted");
        const { variables: outer, map } = run.thread;
        return Branches.map((group) => new Thread({ group, input, lastEventId, outer, map }));
      });
      const result = await fanOut.outputs(Branches.length);
      return finish(run, { result, retryCount });
    },
    () => fanOut.noteFailed(),
  );
}
