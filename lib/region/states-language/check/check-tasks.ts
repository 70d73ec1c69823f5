import type { IntegrationCatalogue } from "../integrations/integration-catalogue.ts";
import { isJsonObject } from "../json.ts";
import { expressionFactsIn } from "./expression-facts.ts";
import type { Report } from "./finding.ts";
import type { RawState } from "./raw-definition.ts";

/** Task states: a resource that exists, arguments that it takes, time limits that make sense. */
export function checkTasks(state: RawState, integrations: IntegrationCatalogue, report: Report): void {
  if (state.type !== "Task") return;
  const { fields, location } = state;
  const integration = integrations.find(String(fields["Resource"]));
  if (typeof integration === "string") {
    report.error("unmodelled-resource", `${location}/Resource`, integration);
    return;
  }
  const { Arguments } = fields;
  for (const name of isJsonObject(Arguments) ? Object.keys(Arguments) : []) {
    if (name.endsWith(".$")) {
      report.error(
        "jsonpath-field",
        `${location}/Arguments/${name}`,
        `${name} is not available in JSONata states`,
      );
    } else if (!integration.parameters.has(name)) {
      const what = `${integration.resourceType}:${integration.resource}`;
      report.error("unknown-argument", `${location}/Arguments/${name}`, `${what} has no argument '${name}'`);
    }
  }
  checkLimits(state, integration.waitsForToken, report);
  const passesToken = expressionFactsIn(Arguments ?? {}).some(({ readsTaskToken }) => readsTaskToken);
  if (integration.waitsForToken && !passesToken) {
    report.advice(
      "task-token",
      `${location}/Arguments`,
      "Nobody is given $states.context.Task.Token to call back with",
    );
  }
  if (!integration.waitsForToken && passesToken) {
    report.error("task-token", `${location}/Arguments`, "There is a task token only with .waitForTaskToken");
  }
}

function checkLimits({ fields, location }: RawState, waitsForToken: boolean, report: Report): void {
  const { TimeoutSeconds, HeartbeatSeconds } = fields;
  if (TimeoutSeconds === undefined) {
    report.advice("no-timeout", location, "Without TimeoutSeconds the task may take 99999999 seconds");
  }
  for (const [field, value] of Object.entries({ TimeoutSeconds, HeartbeatSeconds })) {
    if (value === 0) report.error("invalid-value", `${location}/${field}`, `${field} is a positive integer`);
  }
  if (HeartbeatSeconds === undefined) return;
  if (!waitsForToken) {
    const message = "A heartbeat is modelled for tasks with .waitForTaskToken only";
    report.error("heartbeat", `${location}/HeartbeatSeconds`, message);
  }
  // "a number of seconds smaller than TimeoutSeconds" [AWS Task page]
  if (
    typeof TimeoutSeconds === "number" &&
    typeof HeartbeatSeconds === "number" &&
    HeartbeatSeconds >= TimeoutSeconds
  ) {
    report.error(
      "heartbeat",
      `${location}/HeartbeatSeconds`,
      "HeartbeatSeconds must be smaller than TimeoutSeconds",
    );
  }
}
