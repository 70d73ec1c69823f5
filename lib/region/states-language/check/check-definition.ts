import type { IntegrationCatalogue } from "../integrations/integration-catalogue.ts";
import { isJsonObject, type Json } from "../json.ts";
import { checkExpressions } from "./check-expressions.ts";
import { checkFields } from "./check-fields.ts";
import { checkHandlers } from "./check-handlers.ts";
import { checkTasks } from "./check-tasks.ts";
import { checkTransitions } from "./check-transitions.ts";
import { checkVariables } from "./check-variables.ts";
import { type Finding, Report } from "./finding.ts";
import { groupsIn } from "./raw-definition.ts";

/**
 * Everything that is wrong with a state machine definition, before it runs: what AWS refuses at CreateStateMachine,
 * what AWS would only find while executing (an undefined variable, an unknown function), and what this region does
 * not model. No level-`error` finding means that the interpreter can run it.
 *
 * @param definition the JSON text, or the object
 * @param integrations the resources that tasks may name
 */
export function checkDefinition(definition: unknown, integrations: IntegrationCatalogue): readonly Finding[] {
  const report = new Report();
  const raw = typeof definition === "string" ? parsed(definition, report) : definition;
  if (raw === undefined) return report.findings;
  if (!isJsonObject(raw)) {
    report.error("not-json", "/", "Definition must be a valid JSON object");
    return report.findings;
  }
  checkFields(raw, report);
  // The other checks read fields by their right types; with a broken skeleton they would only repeat its findings.
  if (report.findings.some(({ level }) => level === "error")) return report.findings;
  const groups = groupsIn(raw);
  checkTransitions(groups, report);
  for (const group of groups) {
    for (const state of group.states) {
      checkHandlers(state, report);
      checkTasks(state, integrations, report);
      checkExpressions(state, report);
    }
  }
  checkVariables(groups, report);
  return report.findings;
}

function parsed(text: string, report: Report): Json | undefined {
  try {
    return JSON.parse(text);
  } catch (error) {
    report.error("not-json", "/", error instanceof Error ? error.message : String(error));
    return undefined;
  }
}
