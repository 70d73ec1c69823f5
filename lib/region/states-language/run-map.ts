import type { MapState } from "./definition.ts";
import { finish, withFailureHandling } from "./failure-handling.ts";
import { FanOut } from "./fan-out.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Exit, StateRun } from "./state-run.ts";
import type { StatesError } from "./states-error.ts";
import { Thread } from "./thread.ts";

/** A Map state in INLINE mode: its body once for every item, at most `MaxConcurrency` at a time, outputs in item order. */
export function runMap(run: StateRun<MapState>): Promise<Exit> {
  const fanOut = new FanOut(run);
  return withFailureHandling(
    run,
    async (retryCount) => {
      const limit = await run.evaluateSeconds(run.state.MaxConcurrency ?? 0, "MaxConcurrency", {
        retryCount,
      });
      await fanOut.start(() => iterations(run, retryCount));
      const result = await fanOut.outputs(
        limit === 0 ? inlineConcurrency : Math.min(limit, inlineConcurrency),
      );
      return finish(run, { result, retryCount });
    },
    () => fanOut.noteFailed(),
  );
}

/** "Inline mode … supports up to 40 concurrent iterations" [AWS Map state page]. */
const inlineConcurrency = 40;

async function iterations(run: StateRun<MapState>, retryCount: number): Promise<Thread[]> {
  const { Items, ItemSelector, ItemProcessor: group } = run.state;
  const items = Items === undefined ? run.visit.input : await run.evaluate(Items, "Items", { retryCount });
  if (!isArray(items)) throw notItems(run, items);
  const lastEventId = run.note("MapStateStarted", { mapStateStartedEventDetails: { length: items.length } });
  const threads: Thread[] = [];
  for (const [Index, Value] of items.entries()) {
    const map: JsonObject = { Item: { Index, Value } };
    const input =
      ItemSelector === undefined
        ? Value
        : await run.evaluate(ItemSelector, "ItemSelector", { retryCount, map });
    threads.push(new Thread({ group, input, lastEventId, outer: run.thread.variables, map }));
  }
  return threads;
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function notItems(run: StateRun<MapState>, items: Json): StatesError {
  const { Items } = run.state;
  if (Items !== undefined) return run.wrongType(Items, "Items", "array", items);
  return run.queryFailure(`Map state input must be an array but was: ${JSON.stringify(items)}`, "Items");
}
