import { BacktrackDBClusterCommand } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { DatabaseMove } from "../../../lambdas/contracts/kinds/database.ts";
import { makeRollbackRecord } from "../domain/make-rollback-record.ts";
import { ago, makeComponent, makeOutlook } from "./make-outlook.ts";

const component = (overrides: Record<string, unknown> = {}) =>
  makeComponent({ instance: undefined, cluster: "shop", ...overrides });

function makeClusterOutlook(backtrackWindow: number) {
  const outlook = makeOutlook();
  const shop = outlook.rds.databases.installCluster({
    DBClusterIdentifier: "shop",
    Engine: "aurora-mysql",
    EngineVersion: "8.0.39",
    BacktrackWindow: backtrackWindow,
    members: [{ DBInstanceIdentifier: "shop-1" }, { DBInstanceIdentifier: "shop-2" }],
  });
  return { ...outlook, shop };
}

describe("an observer of a cluster", () => {
  it("goes back in place where there is a backtrack window", async () => {
    const { assess, shop } = makeClusterOutlook(86_400);

    const { move } = await assess({}, component());

    expect(DatabaseMove.parse(move?.details)).toMatchObject({ way: "backtrack", shape: "cluster" });
    expect(move?.to.id).toBe(`${shop.resourceId}@2026-11-21T09:33:00Z/backtrack`);
    expect(move?.receipt?.settingsThatDiffer).toEqual([]);
  });

  it("restores a copy when there is none, when it is too short, or when the environment forbids it", async () => {
    const none = await makeClusterOutlook(0).assess({}, component());
    const short = await makeClusterOutlook(600).assess({}, component());
    const never = await makeClusterOutlook(86_400).assess({}, component({ backtrack: "never" }));

    for (const { move } of [none, short, never]) {
      expect(DatabaseMove.parse(move?.details)).toMatchObject({ way: "point-in-time", shape: "cluster" });
    }
    expect(short.move?.receipt?.alternatives.map(({ whyNot }) => whyNot).join()).toContain("reaches back to");
  });

  it("undoes a backtrack by going forward to where it came from", async () => {
    const { assess, shop, send, advance } = makeClusterOutlook(86_400);
    const done = await send(
      new BacktrackDBClusterCommand({ DBClusterIdentifier: "shop", BacktrackTo: new Date(ago(30)) }),
    );
    await advance(30 * 60_000);
    const to = { id: `${shop.resourceId}@${ago(30)}/backtrack`, label: "then" };
    const from = { id: shop.resourceId, label: "shop" };
    const move = { component: "orders", kind: "database", tier: "data", from, to, took: {} } as const;
    const prepared = { ...move, to: { id: `${shop.resourceId}@${ago(20)}/clone`, label: "a clone" } };
    const rehearsed = makeRollbackRecord({ mode: "rehearse", outcome: "Rehearsed", moves: [prepared] });
    const past = [rehearsed, makeRollbackRecord({ moves: [move] })];

    const undo = await assess({ target: { components: { orders: shop.resourceId } }, past }, component());
    const again = await assess({ target: { components: { orders: shop.resourceId } } }, component());

    const cameFrom = done.BacktrackedFrom?.toISOString().slice(0, 19);
    expect(DatabaseMove.parse(undo.move?.details)).toMatchObject({
      way: "backtrack",
      restoreTo: `${cameFrom}Z`,
    });
    expect(again.verdict.verdict).toBe("nothing-to-do");
  });

  it("refuses to go forward to where an older backtrack came from, when the stopped rollback asked for none", async () => {
    const { assess, shop, send, advance } = makeClusterOutlook(86_400);
    await send(
      new BacktrackDBClusterCommand({ DBClusterIdentifier: "shop", BacktrackTo: new Date(ago(30)) }),
    );
    await advance(30 * 60_000);
    const to = { id: `${shop.resourceId}@${ago(30)}/backtrack`, label: "then" };
    const from = { id: shop.resourceId, label: "shop" };
    const move = { component: "orders", kind: "database", tier: "data", from, to, took: {} } as const;
    const startedAt = ago(-20);
    const past = [makeRollbackRecord({ moves: [move], outcome: "Stopped", startedAt })];

    const { verdict } = await assess(
      { target: { components: { orders: shop.resourceId } }, past },
      component(),
    );

    expect(verdict.verdict).toBe("refuse");
    expect(verdict.reason).toMatch(/no finished backtrack of it since .*leave it out of the scope/);
  });

  it("refuses when the proxy leads to another database than the one that serves", async () => {
    const { assess, rds } = makeClusterOutlook(0);
    rds.databases.installProxy({
      name: "shop-proxy",
      engineFamily: "MYSQL",
      target: { instance: "prod" },
      secretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-AbCdEf",
      passwordLabel: () => "v1",
    });

    const { verdict } = await assess({}, component({ cutOver: { strategy: "proxy", proxy: "shop-proxy" } }));

    expect(verdict.verdict).toBe("refuse");
    expect(verdict.reason).toContain("leads to prod, not to shop");
  });
});
