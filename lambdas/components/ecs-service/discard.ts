import type { Tick } from "../../contracts/tick.ts";
import type { Job } from "./job.ts";

/** A copy of a task definition costs nothing and may be what runs: deregistering is forbidden to Stepback altogether. */
export async function discard({ answer, steps }: Job): Promise<Tick> {
  const copy = steps.text("cut-over-cloned", "taskDefinition");
  return answer.done(
    copy ? `The copy ${copy} stays registered; it does nothing.` : "Nothing was prepared here.",
  );
}
