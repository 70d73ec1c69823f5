import type { Tick, TickRequest } from "../contracts/tick.ts";
import type { Verb } from "../contracts/vocabulary.ts";
import type { Driver } from "./component.ts";

/**
 * Carries out the verbs that were asked for, in order, one tick a call: the first verb that is not done answers for the component.
 * Verbs that were done stay done within one invocation; a new invocation asks them again and they say so at once.
 */
export function driveOf(driver: Driver, request: TickRequest): () => Promise<Tick> {
  const finished = new Map<Verb, Tick>();
  return async () => {
    let last: Tick | undefined;
    for (const verb of request.verbs) {
      last = finished.get(verb) ?? (await driver.tick(verb, request.move));
      if (last.status !== "done") return last;
      finished.set(verb, last);
    }
    if (!last) throw new Error(`Nothing was asked of ${request.move.component}`);
    return last;
  };
}
