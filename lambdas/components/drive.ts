import type { Tick, TickRequest } from "../contracts/tick.ts";
import type { Verb } from "../contracts/vocabulary.ts";
import type { Driver } from "./component.ts";

/**
 * Carries out a move's verbs in order, one tick a call: the first verb that is not done answers for the component.
 * Verbs that were done stay done within one invocation; a new invocation asks them again and they say so at once.
 */
export function driveOf(driver: Driver, request: TickRequest): () => Promise<Tick> {
  const finished = new Map<Verb, Tick>();
  const verbs = request.verbs ?? request.move.verbs;
  return async () => {
    let last: Tick | undefined;
    for (const verb of verbs) {
      last = finished.get(verb) ?? (await driver.tick(verb, request.move));
      if (last.status !== "done") return last;
      finished.set(verb, last);
    }
    if (!last) throw new Error(`The move of ${request.move.component} has no verbs`);
    return last;
  };
}
