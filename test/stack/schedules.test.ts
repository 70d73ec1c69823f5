import { describe, expect, it } from "vitest";
import { Environment } from "../../lambdas/contracts/environment.ts";
import { loadEnvironment } from "../../lib/files/load-environment.ts";
import { assemblyOf } from "../support/assembly.ts";
import { grantsOf } from "../support/granted.ts";

const role = "arn:aws:iam::111122223333:role/jobs";
const { components, ...environment } = loadEnvironment("complete");
const connectedTasks = { schedules: ["nightly", "jobs/digest"], scheduleRoles: [role] };
const assembly = assemblyOf(
  Environment.parse({
    ...environment,
    components: { ...components, api: { ...components["api"], connectedTasks } },
  }),
);

const schedules = ["default/nightly", "jobs/digest"].map(
  (name) => `arn:aws:scheduler:eu-west-1:111122223333:schedule/${name}`,
);
const grants = grantsOf(assembly).filter((grant) => JSON.stringify(grant).includes("scheduler"));
const ofRole = (name: string) => grants.filter((grant) => grant.role.includes(name));

describe("an environment whose service names schedules", () => {
  it("lets its mover write exactly these, under exactly the named roles", () => {
    expect(ofRole("MoveEcsService").map(({ role: _, ...grant }) => grant)).toEqual([
      {
        actions: ["scheduler:GetSchedule", "scheduler:UpdateSchedule"],
        resources: schedules,
        condition: undefined,
      },
      {
        actions: ["iam:PassRole"],
        resources: [role],
        condition: { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
      },
    ]);
  });

  it("lets its planner read them, and nobody else know of them", () => {
    expect(ofRole("PlanRollback")).toMatchObject([
      { actions: ["scheduler:GetSchedule"], resources: schedules },
    ]);
    expect(new Set(grants.map(({ role: one }) => one.replace(/Role.*/, "")))).toEqual(
      new Set(["FunctionsMoveEcsService", "FunctionsPlanRollback"]),
    );
  });
});
