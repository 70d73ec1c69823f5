import type { Json } from "../json.ts";
import { type ExpressionFacts, expressionFactsIn } from "./expression-facts.ts";
import type { Report } from "./finding.ts";
import { objects, type RawState } from "./raw-definition.ts";

/** Every expression of a state: right syntax, functions that exist, `$states` members that its field has. */
export function checkExpressions(state: RawState, report: Report): void {
  for (const { field, facts, members } of expressionsOf(state)) {
    checkFacts(facts, `${state.location}/${field}${facts.path}`, members, report);
  }
}

/** A field whose expressions are evaluated, and the members of `$states` that exist there. */
interface ExpressionField {
  readonly field: string;
  readonly facts: ExpressionFacts;
  readonly members: readonly string[];
}

/** All expressions of a state with the field they stand in. */
export function expressionsOf({ type, fields }: RawState): readonly ExpressionField[] {
  const everywhere = ["input", "context"];
  const ending = ["Task", "Parallel", "Map"].includes(type) ? [...everywhere, "result"] : everywhere;
  const at = (field: string, template: Json | undefined, members: readonly string[]) =>
    expressionFactsIn(template ?? null).map((facts) => ({ field, facts, members }));
  const list = (key: string, inner: readonly string[], members: readonly string[]) =>
    objects(fields[key]).flatMap((item, index) =>
      inner.flatMap((name) => at(`${key}[${index}]/${name}`, item[name], members)),
    );
  return [
    ...startFields.flatMap((name) => at(name, fields[name], everywhere)),
    ...["Output", "Assign"].flatMap((name) => at(name, fields[name], ending)),
    ...list("Choices", ["Condition", "Output", "Assign"], everywhere),
    ...list("Catch", ["Output", "Assign"], [...everywhere, "errorOutput"]),
  ];
}

const startFields = [
  "Arguments",
  "TimeoutSeconds",
  "HeartbeatSeconds",
  "Items",
  "ItemSelector",
  "MaxConcurrency",
  "Seconds",
  "Timestamp",
  "Error",
  "Cause",
];

function checkFacts(facts: ExpressionFacts, at: string, members: readonly string[], report: Report): void {
  const { problem, source } = facts;
  if (problem) {
    const code = problem.kind === "syntax" ? "jsonata-syntax" : "stray-expression";
    report.error(code, at, `${problem.message}: ${source}`);
    return;
  }
  for (const name of facts.unknownFunctions) {
    report.error("unknown-function", at, `Step Functions has no JSONata function $${name}`);
  }
  for (const member of facts.statesMembers) {
    if (!members.includes(member)) report.error("states-member", at, `$states.${member} does not exist here`);
  }
  if (facts.readsNothing) {
    report.error(
      "reads-nothing",
      at,
      "There is no input document: read $states.input or a variable by its name",
    );
  }
}
