import { describe, expect, it } from "vitest";
import type { Verb } from "../../../lambdas/contracts/vocabulary.ts";
import type { MoveStage } from "./make-move-stage.ts";
import { makeStrategyStage, type StrategyName } from "./make-strategy-stage.ts";

const ALL: readonly Verb[] = ["prepare", "cutOver", "confirm"];
const NAMES = ["rename", "proxy", "parameter", "secret"] as const satisfies readonly StrategyName[];
/** Changes of which a second one would be a second copy, snapshot, target or version. */
const ONCE = [
  "RestoreDBInstanceToPointInTime",
  "CreateDBSnapshot",
  "RegisterDBProxyTargets",
  "PutSecretValue",
];
/** What each strategy sends on top of what the rename's runs cover for all. */
const CHANGES: Readonly<Record<StrategyName, readonly string[]>> = {
  rename: ["RestoreDBInstanceToPointInTime", "CreateDBSnapshot", "ModifyDBInstance", "AddTagsToResource"],
  proxy: ["DeregisterDBProxyTargets", "RegisterDBProxyTargets"],
  parameter: ["PutParameter"],
  secret: ["PutSecretValue", "UpdateSecretVersionStage"],
};

const ordersAt = ({ stage, path }: ReturnType<typeof makeStrategyStage>) =>
  stage.databases.contentAt(path())?.rows["orders"];

function expectNothingTwice(stage: MoveStage, label: string): void {
  for (const operation of ONCE)
    expect(stage.calls(operation).length, `${operation}, ${label}`).toBeLessThanOrEqual(1);
  expect(stage.renames().length, label).toBeLessThanOrEqual(2);
  expect(stage.calls("DeleteDBInstance"), label).toHaveLength(0);
}

describe("a database that goes back while everything goes wrong", () => {
  it.each(NAMES)("by %s: ends the same whichever journal entry the function dies before", async (name) => {
    const clean = makeStrategyStage(name);
    await clean.stage.run(clean.move, ALL);
    const entries = [...clean.stage.written.entries()];
    // What comes before the switch is the same for all.
    const first = name === "rename" ? 0 : clean.stage.written.indexOf("switch-intended");
    const counts = (step: string) => !step.startsWith("steady-");
    const writes = entries.filter(([index, step]) => index >= first && counts(step)).map(([index]) => index);
    expect(writes.length).toBeGreaterThan(4);

    for (const write of writes) {
      const made = makeStrategyStage(name);
      made.stage.crashingWrites = new Set([write]);
      const label = `before ${clean.stage.written[write]}`;

      expect(await made.stage.run(made.move, ALL), label).toMatchObject({ status: "done", verb: "confirm" });
      expect(ordersAt(made), label).toBe(1_000);
      expectNothingTwice(made.stage, label);
    }
  });

  it.each(NAMES)("by %s: ends the same whichever change is throttled, or its answer lost", async (name) => {
    for (const operation of CHANGES[name]) {
      for (const effect of ["throttle", "lost-reply"] as const) {
        const made = makeStrategyStage(name);
        made.stage.faults.add({ operation, effect, times: 1 });
        const label = `${operation} ${effect}`;

        expect(await made.stage.run(made.move, ALL), label).toMatchObject({
          status: "done",
          verb: "confirm",
        });
        expect(made.stage.faults.unstruck(), label).toEqual([]);
        expect(ordersAt(made), label).toBe(1_000);
        expectNothingTwice(made.stage, label);
      }
    }
  });

  it.each(NAMES)(
    "by %s: leaves users on the old data when it is stopped anywhere and tidied up",
    async (name) => {
      const clean = makeStrategyStage(name);
      await clean.stage.run(clean.move, ["prepare", "cutOver"]);
      const steps = [...clean.stage.entries.keys()].filter((step) => !step.startsWith("steady-"));
      const begun = steps.slice(steps.indexOf("cut-over-began"), steps.indexOf("switched"));
      expect(begun.length).toBeGreaterThan(3);

      for (const step of begun) {
        const made = makeStrategyStage(name);
        await made.stage.run(made.move, ["prepare"]);
        await made.stage.runUntilStep(made.move, "cutOver", step);
        // Some come with the end of the switch, in one tick: from there on it only goes forward.
        if (made.stage.entries.has("switched")) continue;

        expect(await made.stage.run(made.move, ["tidy", "discard"]), step).toMatchObject({ status: "done" });
        await made.stage.forSeconds(900);
        expect(ordersAt(made), step).toBe(1_005);
        expect(made.stage.databases.instance("prod")?.resourceId, step).toBe(made.prod.resourceId);
        expect(
          made.stage.databases.instance(String(made.move.details["stagingIdentifier"])),
          step,
        ).toBeUndefined();
        expect(await made.stage.run(made.move, ["revert", "discard", "tidy"]), step).toMatchObject({
          status: "done",
        });
      }
    },
  );

  it.each(NAMES)("by %s: comes back from the end and says the same when asked again", async (name) => {
    const made = makeStrategyStage(name);
    const first = await made.stage.run(made.move, ["prepare", "cutOver"]);
    const changes = made.stage.endpoint.calls.filter(({ mutating }) => mutating).length;
    expect(await made.stage.run(made.move, ["prepare", "cutOver"])).toEqual(first);
    expect(made.stage.endpoint.calls.filter(({ mutating }) => mutating)).toHaveLength(changes);
    made.stage.crashingWrites = new Set([0, 3, 6].map((later) => made.stage.written.length + later));

    expect(await made.stage.run(made.move, ["revert"])).toMatchObject({ status: "done" });
    await made.stage.forSeconds(120);
    expect(ordersAt(made)).toBe(1_005);
    expect(made.stage.databases.connectable(made.path())).toBe(true);
    expect(await made.stage.run(made.move, ["revert"])).toMatchObject({ status: "done" });
  });
});
