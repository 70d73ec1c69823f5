import type { ChoiceState } from "./definition.ts";
import type { Exit, StateRun } from "./state-run.ts";
import { StatesError } from "./states-error.ts";

/** A Choice state: the first rule whose condition holds, else the default with the state's own Output and Assign. */
export async function runChoice(run: StateRun<ChoiceState>): Promise<Exit> {
  const { Choices, Default, Output, Assign } = run.state;
  for (const [index, rule] of Choices.entries()) {
    const field = `Choices[${index}]`;
    const holds = await run.evaluate(rule.Condition, `${field}/Condition`);
    if (typeof holds !== "boolean")
      throw run.wrongType(rule.Condition, `${field}/Condition`, "boolean", holds);
    if (!holds) continue;
    const output =
      rule.Output === undefined ? run.visit.input : await run.evaluate(rule.Output, `${field}/Output`);
    return { output, assigned: await run.evaluateObject(rule.Assign, `${field}/Assign`), next: rule.Next };
  }
  if (Default === undefined) {
    // The words are AWS's for a Choice without a match; which error name AWS puts beside them is unverified.
    const cause = "Failed to transition out of the state. The state does not point to a next state.";
    throw new StatesError("States.NoChoiceMatched", run.explain(cause));
  }
  const output = Output === undefined ? run.visit.input : await run.evaluate(Output, "Output");
  return { output, assigned: await run.evaluateObject(Assign, "Assign"), next: Default };
}
