import type { FrontendMove } from "../../contracts/kinds/frontend.ts";
import type { Tick } from "../../contracts/tick.ts";
import type { Direction } from "./copying/write.ts";
import { isTouched, type Job } from "./job.ts";

/** What a direction replaces and what it puts there. */
export function endsOf(
  { details }: { readonly details: Pick<FrontendMove, "fromRelease" | "toRelease"> },
  direction: Direction,
) {
  const [from, to] =
    direction === "forth"
      ? [details.fromRelease, details.toRelease]
      : [details.toRelease, details.fromRelease];
  return { from, to };
}

/** Somebody else's newer change is never overwritten: says what is there and stops. */
export function changedByOthers({ answer, steps }: Job, direction: Direction, found: string): Tick {
  const superseded = direction === "back" || isTouched(steps);
  const note = `${found}: somebody changed it after the plan was made, and that was left alone.`;
  return answer.failed(superseded ? "SUPERSEDED" : "CHANGED_SINCE_PLAN", note);
}
