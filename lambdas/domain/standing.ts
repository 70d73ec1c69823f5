import type { Move, Plan } from "../contracts/plan.ts";
import type { Tick } from "../contracts/tick.ts";

/** Where one component of a plan stands after the waves. */
export interface Standing {
  readonly move: Move;
  /** `done`: every part of its move was carried out. `under way`: some were, none failed. */
  readonly state: "done" | "failed" | "under way" | "not started";
  /** What its last part said. */
  readonly note: string;
}

/** The component table: who is where, for every message and report. */
export function standingsOf(plan: Plan, results: readonly Tick[]): Standing[] {
  const actions = plan.waves.flatMap((wave) => wave.actions).filter((action) => !action.startOnly);
  return plan.moves.map((move) => {
    const ticks = results.filter((tick) => tick.component === move.component);
    const parts = actions.filter((action) => action.component === move.component).length;
    const failed = ticks.find((tick) => tick.status === "failed");
    const done = ticks.filter((tick) => tick.status === "done").length;
    const state = failed ? "failed" : done >= parts ? "done" : ticks.length > 0 ? "under way" : "not started";
    return { move, state, note: (failed ?? ticks.at(-1))?.note ?? "" };
  });
}
