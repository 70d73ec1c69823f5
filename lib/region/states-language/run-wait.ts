import type { WaitState } from "./definition.ts";
import { type Exit, longestSeconds, type StateRun } from "./state-run.ts";
import { StatesError } from "./states-error.ts";

/** A Wait state: for some seconds, or until a moment; a moment that has passed does not wait. */
export async function runWait(run: StateRun<WaitState>): Promise<Exit> {
  const { Seconds, Output, Assign, Next } = run.state;
  const delayMs =
    Seconds === undefined
      ? (await moment(run)) - run.host.kernel.now
      : (await run.evaluateSeconds(Seconds, "Seconds")) * 1_000;
  if (delayMs > longestSeconds * 1_000) {
    throw new StatesError("States.Runtime", run.explain("Wait state delay is too long."));
  }
  await run.line.sleep(delayMs);
  const output = Output === undefined ? run.visit.input : await run.evaluate(Output, "Output");
  return { output, assigned: await run.evaluateObject(Assign, "Assign"), next: Next };
}

/** RFC 3339 with an upper-case T and a zone [AWS Wait page]. */
const timestampForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

async function moment(run: StateRun<WaitState>): Promise<number> {
  const text = await run.evaluate(run.state.Timestamp ?? null, "Timestamp");
  const at = typeof text === "string" && timestampForm.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  const given = typeof text === "string" ? text : JSON.stringify(text);
  throw run.queryFailure(
    `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${given}`,
    "Timestamp",
    run.thread.lastEventId,
  );
}
