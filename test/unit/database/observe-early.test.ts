import { AddTagsToResourceCommand, ModifyDBInstanceCommand } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { type DatabaseComponent, DatabaseMove } from "../../../lambdas/contracts/kinds/database.ts";
import { ago, MINUTE, makeComponent, makeOutlook, START } from "./make-outlook.ts";

const cutOver = { strategy: "endpoint-parameter", parameter: "/shop/db-host" } as const;

/** `prod` is found by a parameter: nothing has to be renamed. */
function makeStage() {
  const stage = makeOutlook();
  const versions = [{ value: stage.prod.host ?? "", modifiedAt: START - MINUTE }];
  stage.ssm.install({ name: "/shop/db-host", type: "String", versions });
  return stage;
}

describe("an observer of a database whose users need not wait for what RDS backs up", () => {
  it("tells the way that spares users a first backup of hours: with a rename there is none, and a rehearsal measures what they would wait for", async () => {
    const { assess } = makeStage();
    const alternatives = async (component: DatabaseComponent) =>
      (await assess({ target: { at: ago(30) } }, component)).move?.receipt?.alternatives.map(
        ({ whyNot }) => whyNot,
      );
    const early = makeComponent({ cutOver, serveDuringBackups: true });
    const undeclared = "The environment does not declare serveDuringBackups.";

    expect(await alternatives(makeComponent({ cutOver }))).toContain(undeclared);
    expect(await alternatives(makeComponent())).not.toContain(undeclared);
    expect(await alternatives(early)).not.toContain(undeclared);

    const { move } = await assess({ target: { at: ago(30) } }, early);
    expect(DatabaseMove.parse(move?.details).serveDuringBackups).toBe(true);
    expect(move?.receipt?.settingsThatDiffer.join(" ")).toContain("leaves it without a snapshot");
    expect(move?.receipt?.estimate.high).toBeLessThan(3 * 3_600);
    const rehearsal = await assess({ target: "proven", rehearsal: true }, early);
    expect(DatabaseMove.parse(rehearsal.move?.details).serveDuringBackups).toBe(true);
  });

  it.each([
    [true, "taken some time after it"],
    [false, "taken before the change"],
  ])(
    "returns from a copy that RDS is at work on, and says when that is snapshotted (serveDuringBackups %s)",
    async (serveDuringBackups, when) => {
      const { assess, rds, send, advance } = makeStage();
      const kept = rds.databases.install({ DBInstanceIdentifier: "prod-sb-1-old", Engine: "postgres" });
      const Tags = [{ Key: "stepback:state", Value: "retired" }];
      await send(new AddTagsToResourceCommand({ ResourceName: kept.arn, Tags }));
      const role = "arn:aws:iam::123456789012:role/monitoring";
      const monitored = { MonitoringInterval: 60, MonitoringRoleArn: role };
      await send(
        new ModifyDBInstanceCommand({ DBInstanceIdentifier: "prod", ApplyImmediately: true, ...monitored }),
      );
      await advance(MINUTE);
      const waits = "prod is configuring-enhanced-monitoring; the cut-over waits for the end of it.";

      const { move } = await assess(
        { target: { components: { orders: kept.resourceId } } },
        makeComponent({ cutOver, serveDuringBackups, passRoles: [role] }),
      );

      expect(move?.receipt?.keptIn).toContain(when);
      expect(/snapshotted and locked away/.test(String(move?.receipt?.settingsThatDiffer))).toBe(
        serveDuringBackups,
      );
      expect(move?.warnings.includes(waits)).toBe(!serveDuringBackups);
    },
  );

  it("counts the hours of a first backup where users wait for it", async () => {
    const { assess } = makeStage();
    const secondsOf = async (serveDuringBackups: boolean) => {
      const component = makeComponent({ cutOver, serveDuringBackups });
      return (await assess({ target: { at: ago(30) } }, component)).move?.estimateSeconds ?? 0;
    };

    expect((await secondsOf(false)) - (await secondsOf(true))).toBeGreaterThan(2 * 3_600);
  });
});
