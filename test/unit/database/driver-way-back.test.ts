import { beforeEach, describe, expect, it } from "vitest";
import { arrivalOf } from "../../../lambdas/components/arrival.ts";
import { QUARANTINE } from "./make-move.ts";
import { makeStrategyStage } from "./make-strategy-stage.ts";

type Made = ReturnType<typeof makeStrategyStage>;

/** Users are on the copy, and everything is done. */
async function afterSwitch(strategy: Parameters<typeof makeStrategyStage>[0]): Promise<Made> {
  const made = makeStrategyStage(strategy);
  expect(await made.stage.run(made.move, ["prepare", "cutOver", "confirm"])).toMatchObject({
    status: "done",
  });
  return made;
}

/** What the other components of the rollback are told, whose own ends depend on it. */
function arrivalIn({ stage, move }: Made) {
  const read = async () => [...stage.entries.values()];
  const journal = { read, write: () => Promise.reject(new Error("Only read")) };
  return arrivalOf(journal, move.component);
}

const deny = (operation: string, times = 1) => ({ operation, times, effect: "access-denied" }) as const;

describe("a way back behind a proxy", () => {
  let made: Made;

  beforeEach(async () => {
    made = await afterSwitch("proxy");
  });

  it("stands half way when nobody is behind the proxy any more: writers stay stopped, and a person reads the commands", async () => {
    made.stage.faults.add(deny("RegisterDBProxyTargets"));

    const end = await made.stage.run(made.move, ["revert"]);

    expect(end).toMatchObject({ status: "failed", code: "HALF_WAY", touched: true });
    expect(end.note).toContain("By hand, in this order: aws rds deregister-db-proxy-targets");
    expect(await arrivalIn(made)).toBe("unknown");
  });

  it("is over when the new one cannot be left: users stay there, and so do their writers", async () => {
    made.stage.faults.add(deny("DeregisterDBProxyTargets"));

    const end = await made.stage.run(made.move, ["revert"]);

    expect(end).toMatchObject({ status: "failed", code: "REFUSED_BY_AWS", touched: true });
    // Commands for the way back would lead writers, who run again, to the other data.
    expect(end.note).not.toContain("By hand");
    expect(await arrivalIn(made)).toBe("there");
  });

  it.each(["RegisterDBProxyTargets", "DeregisterDBProxyTargets"])(
    "comes to its end when it is asked again after %s was denied",
    async (operation) => {
      made.stage.faults.add(deny(operation));
      await made.stage.run(made.move, ["revert"]);

      expect(await made.stage.run(made.move, ["tidy"])).toMatchObject({ status: "done", verb: "revert" });
      expect(await arrivalIn(made)).toBe("not there");
      expect(made.stage.databases.contentAt(made.path())?.rows).toEqual({ orders: 1_005 });
    },
  );
});

describe.each(["rename", "proxy", "parameter", "secret"] as const)("a way back by %s", (strategy) => {
  it("is done when users are back, and says that the one they left could not be locked away", async () => {
    const made = await afterSwitch(strategy);
    const { stage, move } = made;
    const copy = stage.databases.instance(
      strategy === "rename" ? "prod" : String(move.details["stagingIdentifier"]),
    );
    // The old one is given its groups back first; names are given by the same operation.
    const before = strategy === "rename" ? 3 : 1;
    stage.faults.add({ ...deny("ModifyDBInstance", 10), skip: before });

    const end = await stage.run(move, ["revert"]);

    expect(end).toMatchObject({ status: "done", note: expect.stringContaining("is not locked away") });
    expect(await arrivalIn(made)).toBe("not there");
    expect(stage.databases.contentAt(made.path())?.rows).toEqual({ orders: 1_005 });
    expect(stage.databases.instance(copy?.resourceId ?? "")?.securityGroups).not.toEqual([QUARANTINE]);
  });
});
