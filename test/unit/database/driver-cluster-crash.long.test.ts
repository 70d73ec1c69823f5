import { describe, expect, it } from "vitest";
import type { Verb } from "../../../lambdas/contracts/vocabulary.ts";
import { makeStrategyStage, type StrategyName } from "./make-strategy-stage.ts";

const ALL: readonly Verb[] = ["prepare", "cutOver", "confirm"];
const NAMES = ["rename", "proxy", "parameter", "secret"] as const satisfies readonly StrategyName[];
/** Changes of which another one would be another copy, member, snapshot, target or version. */
const MOST: Readonly<Record<string, number>> = {
  RestoreDBClusterToPointInTime: 1,
  CreateDBInstance: 2,
  CreateDBClusterSnapshot: 2,
  RegisterDBProxyTargets: 2,
  PutSecretValue: 1,
  PutParameter: 2,
  DeleteDBInstance: 0,
  DeleteDBCluster: 0,
};

type Trouble = "dies after every change" | "loses the answer to every change";
const TROUBLES: readonly Trouble[] = ["dies after every change", "loses the answer to every change"];

function makeTroubled(name: StrategyName, trouble: Trouble) {
  const made = makeStrategyStage(name, { shape: "cluster" });
  if (trouble === "dies after every change") made.stage.diesAfterChanges = true;
  else made.stage.losesAnswers = true;
  return made;
}

type Made = ReturnType<typeof makeStrategyStage>;

const ordersAt = ({ stage, path }: Made) => stage.databases.contentAt(path())?.rows["orders"];

function expectNothingTwice({ stage }: Made): void {
  for (const [operation, most] of Object.entries(MOST))
    expect(stage.calls(operation).length, operation).toBeLessThanOrEqual(most);
  const renames = stage.calls("ModifyDBCluster").flatMap((input) => input["NewDBClusterIdentifier"] ?? []);
  expect(renames.length).toBe(new Set(renames).size);
}

describe.each(TROUBLES)("an Aurora cluster that goes back while the function %s", (trouble) => {
  it.each(NAMES)("is served by one copy by %s, and by the old one again after the way back", async (name) => {
    const made = makeTroubled(name, trouble);

    expect(await made.stage.run(made.move, ALL)).toMatchObject({ status: "done", verb: "confirm" });
    expect(ordersAt(made)).toBe(1_000);
    expect(made.stage.databases.connectable(made.path())).toBe(true);
    expectNothingTwice(made);
    expect(made.stage.struck).toBeGreaterThan(8);

    expect(await made.stage.run(made.move, ["revert"])).toMatchObject({ status: "done" });
    await made.stage.forSeconds(900);
    expect(ordersAt(made)).toBe(1_005);
    expect(made.stage.databases.connectable(made.path())).toBe(true);
    expect(made.stage.databases.instance(made.path())?.resourceId).toBe(made.prod.resourceId);
    made.stage.diesAfterChanges = false;
    made.stage.losesAnswers = false;
    const changes = made.stage.endpoint.calls.filter(({ mutating }) => mutating).length;
    expect(await made.stage.run(made.move, ["revert", "discard"])).toMatchObject({ status: "done" });
    expect(made.stage.endpoint.calls.filter(({ mutating }) => mutating)).toHaveLength(changes);
  });

  it("leaves nothing of a copy that is discarded, members first", async () => {
    const made = makeTroubled("rename", trouble);
    await made.stage.run(made.move, ["prepare"]);

    expect(await made.stage.run(made.move, ["discard"])).toMatchObject({ status: "done" });

    expect(made.stage.databases.instance(String(made.move.details["stagingIdentifier"]))).toBeUndefined();
    expect(made.stage.calls("DeleteDBInstance")).toHaveLength(2);
    expect(made.stage.calls("DeleteDBCluster")).toHaveLength(1);
    expect(ordersAt(made)).toBe(1_005);
  });
});

describe("an Aurora cluster whose rollback is stopped", () => {
  it.each(NAMES)("anywhere in the cut-over by %s leaves users on the old one, and no copy", async (name) => {
    const clean = makeStrategyStage(name, { shape: "cluster" });
    await clean.stage.run(clean.move, ["prepare", "cutOver"]);
    const steps = [...clean.stage.entries.keys()].filter((step) => !step.startsWith("steady-"));
    // What comes before the switch is the same for all.
    const first = name === "rename" ? "cut-over-began" : "switch-intended";
    const begun = steps.slice(steps.indexOf(first), steps.indexOf("switched"));
    expect(begun.length).toBeGreaterThan(0);

    for (const step of begun) {
      const made = makeStrategyStage(name, { shape: "cluster" });
      await made.stage.run(made.move, ["prepare"]);
      await made.stage.runUntilStep(made.move, "cutOver", step);
      // Some come with the end of the switch, in one tick: from there on it only goes forward.
      if (made.stage.entries.has("switched")) continue;

      expect(await made.stage.run(made.move, ["tidy", "discard"]), step).toMatchObject({ status: "done" });
      await made.stage.forSeconds(900);
      expect(ordersAt(made), step).toBe(1_005);
      expect(made.stage.databases.instance("prod")?.resourceId, step).toBe(made.prod.resourceId);
      const staging = String(made.move.details["stagingIdentifier"]);
      expect(made.stage.databases.instance(staging), step).toBeUndefined();
    }
  });
});
