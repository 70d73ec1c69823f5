import type { Plan } from "../contracts/plan.ts";

/**
 * Whether an execution that was stopped and tidied may go on where it stopped. Not when it paused somebody: writers run
 * again, and the next state would move data under them. Not when it made copies: the clean-up has removed them. Then a
 * new start plans anew.
 */
export function mayBeRedriven({ moves, waves }: Pick<Plan, "moves" | "waves">): boolean {
  const pauses = waves.some(({ actions }) => actions.some(({ verbs }) => verbs.includes("pause")));
  const risky = moves.some(
    (move) => move.tier === "data" || move.prepareSeconds > 0 || move.kind === "maintenance",
  );
  return !pauses && !risky;
}
