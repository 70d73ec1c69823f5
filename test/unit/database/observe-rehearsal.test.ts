import { describe, expect, it } from "vitest";
import { DatabaseMove } from "../../../lambdas/contracts/kinds/database.ts";
import { makeRollbackRecord } from "../domain/make-rollback-record.ts";
import { ago, makeComponent, makeOutlook } from "./make-outlook.ts";

const anyMoment = { target: "proven", rehearsal: true } as const;

function makeShop(engine: "aurora-postgresql" | "aurora-mysql" = "aurora-postgresql") {
  const outlook = makeOutlook();
  const shop = outlook.rds.databases.installCluster({
    DBClusterIdentifier: "shop",
    Engine: engine,
    EngineVersion: engine === "aurora-mysql" ? "8.0.mysql_aurora.3.08.0" : "16.4",
    ...(engine === "aurora-mysql" ? { BacktrackWindow: 86_400 } : {}),
    members: [{ DBInstanceIdentifier: "shop-1" }],
  });
  const component = (more: Record<string, unknown> = {}) =>
    makeComponent({ instance: undefined, cluster: "shop", ...more });
  return { ...outlook, shop, component };
}

const CLONE = { rehearseBy: "clone" };
const TOOK = { prepare: 700 };

describe("a rehearsal for which nothing tells a moment", () => {
  it("restores the latest one; meant in earnest it is refused", async () => {
    const { assess } = makeOutlook();

    const { move } = await assess(anyMoment);
    const { verdict } = await assess({ target: "proven" });

    // Logs reach S3 every five minutes: 10:00, and a restore must be before it.
    expect(DatabaseMove.parse(move?.details)).toMatchObject({
      way: "point-in-time",
      restoreTo: "2026-11-21T09:59:59Z",
    });
    expect(verdict).toMatchObject({ verdict: "refuse" });
    expect(verdict.reason).toContain("nothing tells the moment");
  });

  it("clones an Aurora cluster where the environment says so: of now, and measured as a clone only", async () => {
    const { assess, component, shop } = makeShop();
    const from = { id: shop.resourceId, label: "shop" };
    const took = (id: string) =>
      makeRollbackRecord({
        moves: [
          {
            component: "orders",
            kind: "database",
            tier: "data",
            from,
            to: { id, label: "then" },
            took: TOOK,
          },
        ],
      });

    const { move } = await assess(anyMoment, component(CLONE));
    const cloned = { past: [took(String(move?.to.id))] };
    const again = await assess({ ...anyMoment, ...cloned }, component(CLONE));
    const inEarnest = await assess(cloned, component(CLONE));

    const details = DatabaseMove.parse(move?.details);
    expect(details).toMatchObject({ way: "clone", shape: "cluster" });
    expect(details.restoreTo).toBeUndefined();
    expect(move?.to.id).toBe(`${shop.resourceId}@2026-11-21T10:03:00Z/clone`);
    expect(again.move?.receipt?.estimate.source).toBe("measured");
    expect(inEarnest.move?.details).toMatchObject({ way: "point-in-time" });
    expect(inEarnest.move?.receipt?.estimate.source).toBe("table");
  });

  it("of an instance cannot be a clone, and says so", async () => {
    const { assess } = makeOutlook();

    const { verdict } = await assess(anyMoment, makeComponent(CLONE));

    expect(verdict).toMatchObject({ verdict: "refuse" });
    expect(verdict.reason).toContain("only Aurora clusters can be cloned");
  });
});

describe("a rehearsal", () => {
  it("restores a copy where a rollback would go back in place: a backtrack would leave a snapshot", async () => {
    const { assess, component } = makeShop("aurora-mysql");

    const rehearsed = await assess({ rehearsal: true, target: { at: ago(30) } }, component());
    const meant = await assess({ target: { at: ago(30) } }, component());

    expect(rehearsed.move?.details).toMatchObject({
      way: "point-in-time",
      restoreTo: "2026-11-21T09:33:00Z",
    });
    expect(meant.move?.details).toMatchObject({ way: "backtrack" });
  });

  it("restores the moment that a person names, also where it would clone otherwise", async () => {
    const { assess, component } = makeShop();

    const { move } = await assess({ rehearsal: true, target: { at: ago(30) } }, component(CLONE));

    expect(move?.details).toMatchObject({ way: "point-in-time", restoreTo: "2026-11-21T09:33:00Z" });
  });
});
