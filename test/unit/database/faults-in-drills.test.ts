import { globSync } from "node:fs";
import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { describe, expect, it } from "vitest";
import { DatabaseComponent } from "../../../lambdas/contracts/kinds/database.ts";
import { loadScenario } from "../../../lib/drill/load-scenario.ts";
import { environmentOf } from "../../../lib/drill/run-drill.ts";
import type { Scenario } from "../../../lib/drill/scenario.ts";
import { grantAssessDatabase } from "../../../lib/stack/components/database.ts";
import { grantMoveDatabase } from "../../../lib/stack/components/database-move.ts";
import { listOf, statementsOf } from "../../support/granted.ts";

const ROOT = `${import.meta.dirname}/../../..`;
const MAKERS = { PlanRollback: grantAssessDatabase, MoveDatabase: grantMoveDatabase } as const;
type Caller = keyof typeof MAKERS;
const CALLERS: readonly Caller[] = ["PlanRollback", "MoveDatabase"];

const CUT_OVERS: readonly (typeof DatabaseComponent._input)["cutOver"][] = [
  { strategy: "proxy", proxy: "boardroom" },
  { strategy: "endpoint-parameter", parameter: "/boardroom/db/host" },
  { strategy: "endpoint-secret", secret: "boardroom/db-host" },
  { strategy: "rename" },
];

/** Every call to RDS that a caller is granted for an instance, whichever way users are brought to a copy. */
function grantedTo(caller: Caller): string[] {
  const stack = new Stack(new App(), "Stack", { env: { account: "111122223333", region: "eu-west-1" } });
  for (const cutOver of CUT_OVERS) {
    const assumedBy = new ServicePrincipal("lambda.amazonaws.com");
    const role = new Role(stack, cutOver.strategy, { assumedBy });
    const component = DatabaseComponent.parse({
      kind: "database",
      instance: "boardroom",
      writers: [],
      passRoles: ["arn:aws:iam::111122223333:role/a"],
      kmsKeys: ["arn:aws:kms:eu-west-1:111122223333:key/k"],
      cutOver,
    });
    MAKERS[caller](stack, role, component);
  }
  const calls = Object.values(Template.fromStack(stack).findResources("AWS::IAM::Policy"))
    .flatMap((policy) => statementsOf(policy["Properties"].PolicyDocument))
    .flatMap(({ Action }) => listOf(Action));
  return [...new Set(calls)].filter((call) => call.startsWith("rds:")).sort();
}

/** The drills of an application with a single instance; each checks by itself that its faults struck. */
const drills = globSync("drills/*.yaml", { cwd: ROOT })
  .map((file) => loadScenario(`${ROOT}/${file}`))
  .filter((scenario) => scenario.environment === "complete" && ofInstance(scenario));

function ofInstance(scenario: Scenario): boolean {
  const { database } = environmentOf(scenario).components;
  return database?.kind === "database" && database.instance !== undefined;
}

function struckBy(effect: string, caller: Caller): ReadonlySet<string> {
  const faults = drills.flatMap(({ steps }) => steps.flatMap(({ do: { fault } }) => fault ?? []));
  const own = faults.filter((fault) => fault.effect === effect && fault.by === caller);
  return new Set(own.flatMap(({ call }) => call));
}

describe("the drills of a database instance", () => {
  it.each(CALLERS)("know what %s may ask of RDS", (caller) => {
    expect(grantedTo(caller).length).toBeGreaterThan(7);
  });

  it.each(
    CALLERS.flatMap((caller) => (["throttle", "lost-reply"] as const).map((effect) => ({ caller, effect }))),
  )("strike every call to RDS that $caller is granted with $effect", ({ caller, effect }) => {
    const struck = struckBy(effect, caller);

    expect(grantedTo(caller).filter((call) => !struck.has(call))).toEqual([]);
  });
});
