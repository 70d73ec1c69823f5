import {
  AddTagsToResourceCommand,
  CreateDBSnapshotCommand,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
} from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import type { Assessment } from "../../../lambdas/components/component.ts";
import { DatabaseMove } from "../../../lambdas/contracts/kinds/database.ts";
import { makeRollbackRecord } from "../domain/make-rollback-record.ts";
import { ago, MINUTE, makeComponent, makeOutlook, START } from "./make-outlook.ts";

const tag = (arn: string, tags: Readonly<Record<string, string>>) =>
  new AddTagsToResourceCommand({
    ResourceName: arn,
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  });

describe("a database observer", () => {
  it("plans a restore to the asked moment, with a receipt, and changes nothing", async () => {
    const { assess, prod, mutations } = makeOutlook();

    const { move, verdict } = await assess({ target: { at: ago(30) } });

    const details = DatabaseMove.parse(move?.details);
    expect(verdict.verdict).toBe("roll-back");
    expect(details).toMatchObject({
      way: "point-in-time",
      shape: "instance",
      identifier: "prod",
      sourceResourceId: prod.resourceId,
      restoreTo: "2026-11-21T09:33:00Z",
    });
    expect(details.stagingIdentifier).toMatch(/^prod-sb-[0-9a-f]{8}-new$/);
    expect(move).toMatchObject({ tier: "data", verbs: ["prepare", "cutOver", "confirm"] });
    expect(move?.from.id).toBe(prod.resourceId);
    expect(move?.receipt).toMatchObject({ restoreTo: "2026-11-21T09:33:00Z", lossSeconds: 1_800 });
    expect(move?.receipt?.alternatives.map(({ whyNot }) => whyNot).every((text) => text.length > 10)).toBe(
      true,
    );
    expect(details.acceptedLossSeconds).toBeGreaterThan(1_800 + (move?.receipt?.estimate.high ?? 0));
    expect(mutations()).toEqual([]);
  });

  it("counts what is written while people may still approve among what they accept to lose", async () => {
    const { assess } = makeOutlook();
    const accepted = async (approvalSeconds: number) =>
      DatabaseMove.parse((await assess({ target: { at: ago(30) }, approvalSeconds })).move?.details)
        .acceptedLossSeconds;

    expect((await accepted(86_400)) - (await accepted(600))).toBe(86_400 - 600);
  });

  it("takes the planner's cut when backups lag a little behind it, further back and with a warning", async () => {
    const { assess } = makeOutlook();

    const { move } = await assess({ target: "proven", cut: new Date(START - 1) });

    expect(DatabaseMove.parse(move?.details).restoreTo).toBe("2026-11-21T09:59:59Z");
    expect(move?.warnings.join()).toContain("further back than the rest");
  });

  it("refuses a moment that a person named and backups do not reach, and tells the window", async () => {
    const { assess } = makeOutlook();

    const { verdict } = await assess({ target: { at: ago(1) } });

    expect(verdict.verdict).toBe("refuse");
    expect(verdict.reason).toContain("and 2026-11-21T10:00:00Z (UTC)");
  });

  it("refuses when backups stand still, even for the planner's cut", async () => {
    const { assess, rds, advance } = makeOutlook();
    rds.databases.drill.restorableLagMs = 120 * MINUTE;
    await advance(60 * MINUTE);

    const { verdict } = await assess({ target: "proven", cut: new Date(START + 59 * MINUTE) });

    expect(verdict).toMatchObject({
      verdict: "refuse",
      reason: expect.stringContaining("have not moved on"),
    });
  });

  it("refuses without a moment, and says how to name one", async () => {
    const { assess } = makeOutlook();

    const { verdict } = await assess({ target: "proven" });

    expect(verdict).toMatchObject({ verdict: "refuse", reason: expect.stringContaining('target {"at":') });
  });

  it("leaves data where it is when it is only asked to hold or to restart", async () => {
    const { assess } = makeOutlook();

    for (const part of ["hold", "restart"] as const) {
      expect((await assess({ part })).verdict.verdict).toBe("nothing-to-do");
    }
  });

  it("falls back to the newest snapshot before the moment when automated backups are off", async () => {
    const { assess, send, advance } = makeOutlook({ BackupRetentionPeriod: 0 });
    await send(
      new CreateDBSnapshotCommand({ DBInstanceIdentifier: "prod", DBSnapshotIdentifier: "before-release" }),
    );
    await advance(60 * MINUTE);

    const good = await assess({ target: { at: new Date(START + 50 * MINUTE).toISOString() } });
    const bad = await assess({ target: { at: ago(600) } });

    expect(DatabaseMove.parse(good.move?.details)).toMatchObject({
      way: "snapshot",
      snapshotIdentifier: "before-release",
    });
    expect(good.move?.warnings.join()).toContain("more minutes of writes are left behind");
    expect(bad.verdict.reason).toMatch(
      /^automated backups are off; only these snapshots exist: before-release/,
    );
  });

  it("says when the configured database does not exist", async () => {
    const { assess } = makeOutlook();

    const { verdict } = await assess({}, makeComponent({ instance: "elsewhere" }));

    expect(verdict).toMatchObject({ verdict: "refuse", reason: expect.stringContaining("elsewhere") });
  });

  it("follows the tags to the copy that took over, and back to the one that was kept", async () => {
    const { assess, rds, prod, send, version, ssm } = makeOutlook();
    const heir = rds.databases.install({ DBInstanceIdentifier: "prod-sb-1-new", Engine: "postgres" });
    rds.databases.install({ DBInstanceIdentifier: "bystander", Engine: "postgres" });
    await send(tag(prod.arn, { "stepback:state": "retired" }));
    await send(tag(heir.arn, { "stepback:state": "live", "stepback:source": prod.resourceId }));
    const versions = [{ value: heir.host ?? "", modifiedAt: START }];
    ssm.install({ name: "/shop/db-host", type: "String", versions });
    const component = makeComponent({
      cutOver: { strategy: "endpoint-parameter", parameter: "/shop/db-host" },
    });

    expect(await version(component)).toMatchObject({ resourceId: heir.resourceId });
    const { move } = await assess({ target: { components: { orders: prod.resourceId } } }, component);
    expect(DatabaseMove.parse(move?.details)).toMatchObject({
      way: "return",
      sourceResourceId: heir.resourceId,
      keptResourceId: prod.resourceId,
      stagingIdentifier: "prod",
    });
  });

  it("goes back to a kept database for an undo, and counts as lost what was written since it was left", async () => {
    const { assess, rds, prod, send } = makeOutlook();
    const kept = rds.databases.install({ DBInstanceIdentifier: "prod-sb-1-old", Engine: "postgres" });
    await send(tag(kept.arn, { "stepback:state": "retired" }));
    const past = [
      makeRollbackRecord({
        startedAt: ago(120),
        moves: [
          {
            component: "orders",
            kind: "database",
            tier: "data",
            from: { id: kept.resourceId, label: "prod" },
            to: { id: `${kept.resourceId}@${ago(180)}`, label: "prod as of then" },
            took: {},
          },
        ],
      }),
    ];

    const { move } = await assess({ target: { components: { orders: kept.resourceId } }, past });

    expect(DatabaseMove.parse(move?.details)).toMatchObject({
      way: "return",
      keptResourceId: kept.resourceId,
      stagingIdentifier: "prod-sb-1-old",
      sourceResourceId: prod.resourceId,
    });
    expect(move?.receipt?.lossSeconds).toBe(7_200);
  });

  it("returns to a kept database that RDS is still locking away: an undo that comes at once waits for it", async () => {
    const { assess, rds, send, advance } = makeOutlook();
    const kept = rds.databases.install({ DBInstanceIdentifier: "prod-sb-1-old", Engine: "postgres" });
    await send(tag(kept.arn, { "stepback:state": "retired" }));
    const locking = { DBInstanceIdentifier: kept.id, DeletionProtection: true, ApplyImmediately: true };
    await send(new ModifyDBInstanceCommand({ ...locking, DBInstanceClass: "db.m6g.large" }));
    await advance(MINUTE);

    const { verdict, move } = await assess({ target: { components: { orders: kept.resourceId } } });

    expect(verdict).toMatchObject({ verdict: "roll-back" });
    expect(move?.warnings).toContain("prod-sb-1-old is modifying; the return waits for the end of it.");
  });

  it("does not return to a database that no rollback kept", async () => {
    const { assess, rds } = makeOutlook();
    const other = rds.databases.install({ DBInstanceIdentifier: "reports", Engine: "postgres" });

    const { verdict } = await assess({ target: { components: { orders: other.resourceId } } });

    expect(verdict).toMatchObject({
      verdict: "refuse",
      reason: expect.stringContaining("not kept by a rollback"),
    });
  });

  it("reads the version that serves, and none while it is being changed", async () => {
    const { version, prod, send, advance } = makeOutlook();

    const before = await version();
    await send(
      new ModifyDBInstanceCommand({
        DBInstanceIdentifier: "prod",
        DBInstanceClass: "db.m6g.large",
        ApplyImmediately: true,
      }),
    );
    const meanwhile = await version();
    await advance(30 * MINUTE);

    expect(before).toMatchObject({ kind: "database", resourceId: prod.resourceId, identifier: "prod" });
    expect(meanwhile).toBeUndefined();
    expect(await version()).toEqual(before);
  });

  it("reads the same version while RDS sets what changes nothing of it, and plans: what waits for it waits", async () => {
    const { version, send, advance, assess } = makeOutlook();
    const before = await version();
    const role = "arn:aws:iam::123456789012:role/monitoring";
    const component = makeComponent({ passRoles: [role] });
    const monitored = { MonitoringInterval: 60, MonitoringRoleArn: role };
    await send(
      new ModifyDBInstanceCommand({ DBInstanceIdentifier: "prod", ApplyImmediately: true, ...monitored }),
    );

    const seen = new Map<string, unknown>();
    const plans = new Map<string, Assessment>();
    for (let count = 0; count < 60; count++) {
      await advance(5_000);
      const answer = await send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: "prod" }));
      const status = answer.DBInstances?.[0]?.DBInstanceStatus ?? "";
      seen.set(status, await version());
      plans.set(status, await assess({ target: { at: ago(30) } }, component));
    }

    expect([...seen.keys()]).toContain("configuring-enhanced-monitoring");
    for (const version of seen.values()) expect(version).toEqual(before);
    for (const { verdict } of plans.values()) expect(verdict).toMatchObject({ verdict: "roll-back" });
    expect(plans.get("configuring-enhanced-monitoring")?.move?.warnings).toContain(
      "prod is configuring-enhanced-monitoring; the cut-over waits for the end of it.",
    );
  });

  it("estimates from its own past, and tells when it cannot", async () => {
    const { assess, prod } = makeOutlook();
    const to = { id: `${prod.resourceId}@${ago(5_000)}`, label: "then" };
    const measured = { prepare: 1_000, cutOver: 400 };
    const move = {
      component: "orders",
      kind: "database",
      tier: "data",
      from: to,
      to,
      took: measured,
    } as const;

    const without = await assess();
    const withPast = await assess({ past: [makeRollbackRecord({ moves: [move] })] });

    expect(without.move?.receipt?.estimate.source).toBe("table");
    expect(withPast.move?.receipt?.estimate).toEqual({ low: 1_400, high: 1_750, source: "measured" });
    expect(withPast.move?.estimateSeconds).toBe(1_400);
  });
});
