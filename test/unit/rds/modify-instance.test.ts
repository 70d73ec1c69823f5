import {
  AddRoleToDBInstanceCommand,
  ModifyDBInstanceCommand,
  RebootDBInstanceCommand,
} from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { passwordLabel } from "../../../lib/region/services/rds/password-label.ts";
import { MINUTE, makeRds, START } from "./make-rds.ts";

const AN_HOUR_AGO = new Date(START - 60 * MINUTE);
const MONITORING = "arn:aws:iam::123456789012:role/rds-monitoring";

const modify = (more: object, DBInstanceIdentifier = "prod") =>
  new ModifyDBInstanceCommand({ DBInstanceIdentifier, ...more });

describe("a modification", () => {
  it("brings a restored instance what no restore can carry", async () => {
    const { advance, look, restore, send } = makeRds();
    const made = await restore("new", AN_HOUR_AGO);
    await advance(240 * MINUTE);

    const wanted = {
      PreferredMaintenanceWindow: "sun:03:10-sun:03:40",
      MonitoringInterval: 60,
      EnablePerformanceInsights: true,
      PerformanceInsightsRetentionPeriod: 465,
      DatabaseInsightsMode: "advanced" as const,
    };
    await expect(send(modify(wanted, "new"))).rejects.toThrow("MonitoringRoleARN");
    await send(modify({ ...wanted, MonitoringRoleArn: MONITORING, ApplyImmediately: true }, "new"));
    await advance(MINUTE);
    const busy = await look(made);
    await expect(send(modify({ MultiAZ: true }, "new"))).rejects.toThrow(
      "RDS is configuring Enhanced Monitoring",
    );
    await advance(10 * MINUTE);

    expect(busy?.DBInstanceStatus).toBe("configuring-enhanced-monitoring");
    expect(await look(made)).toMatchObject({
      DBInstanceStatus: "available",
      PreferredMaintenanceWindow: "sun:03:10-sun:03:40",
      MonitoringInterval: 60,
      MonitoringRoleArn: MONITORING,
      PerformanceInsightsEnabled: true,
      DatabaseInsightsMode: "advanced",
    });
  });

  it("of nothing is an error that says so", async () => {
    const { send } = makeRds();

    await expect(send(modify({ DeletionProtection: true, ApplyImmediately: true }))).rejects.toMatchObject({
      name: "InvalidParameterCombination",
      message: "No modifications were requested",
    });
  });

  it("of a parameter group needs a reboot to take effect, and a reboot kills the sessions", async () => {
    const { advance, databases, hostOfProd, look, prod, send } = makeRds();
    databases.install({ DBInstanceIdentifier: "b", Engine: "postgres", DBParameterGroupName: "tuned" });
    databases.setSessions(hostOfProd, 3);
    await send(modify({ DBParameterGroupName: "tuned" }));
    await advance(10 * MINUTE);
    const waiting = await look(prod.resourceId);
    expect(databases.sessions("prod")).toBe(3);

    await send(new RebootDBInstanceCommand({ DBInstanceIdentifier: "prod" }));
    expect(databases.connectable(hostOfProd)).toBe(false);
    await advance(10 * MINUTE);

    expect(waiting?.DBParameterGroups?.[0]?.ParameterApplyStatus).toBe("pending-reboot");
    const rebooted = await look(prod.resourceId);
    expect(rebooted?.DBParameterGroups?.[0]).toEqual({
      DBParameterGroupName: "tuned",
      ParameterApplyStatus: "in-sync",
    });
    expect(databases.sessions("prod")).toBe(0);
    expect(databases.connectable(hostOfProd)).toBe(true);
  });

  it("of the security groups is adding until it is active", async () => {
    const { advance, databases, hostOfProd, look, prod, send } = makeRds();
    databases.drill.securityGroup("sg-quarantine", { admits: false });

    const { DBInstance } = await send(modify({ VpcSecurityGroupIds: ["sg-quarantine"] }));
    expect(DBInstance?.VpcSecurityGroups?.[0]?.Status).toBe("adding");
    expect(databases.connectable(hostOfProd)).toBe(true);
    await advance(10 * MINUTE);

    expect((await look(prod.resourceId))?.VpcSecurityGroups).toEqual([
      { VpcSecurityGroupId: "sg-quarantine", Status: "active" },
    ]);
    expect(databases.connectable(hostOfProd)).toBe(false);
  });

  it("of the password is data, and a managed one is a new secret", async () => {
    const createMasterSecret = () => ({ arn: "arn:secret:new", passwordLabel: "managed-1" });
    const { advance, databases, look, prod, send } = makeRds({}, { createMasterSecret });

    await send(modify({ MasterUserPassword: "hunter2hunter2" }));
    await advance(10 * MINUTE);
    expect(databases.passwordOf("prod")).toBe(passwordLabel("hunter2hunter2"));
    const { DBInstance } = await send(modify({ ManageMasterUserPassword: true }));
    expect(DBInstance?.MasterUserSecret?.SecretStatus).toBe("creating");
    await advance(10 * MINUTE);

    expect((await look(prod.resourceId))?.MasterUserSecret).toMatchObject({
      SecretArn: "arn:secret:new",
      SecretStatus: "active",
    });
    expect(databases.passwordOf("prod")).toBe("managed-1");
    expect(databases.passwordOf("prod", START)).toBe("v1");
    await expect(makeRds().send(modify({ ManageMasterUserPassword: true }))).rejects.toMatchObject({
      name: "NotImplemented",
    });
  });

  it("that switches backups on gives no past", async () => {
    const { advance, databases, look, send } = makeRds();
    const bare = databases.install({
      DBInstanceIdentifier: "bare",
      Engine: "mysql",
      BackupRetentionPeriod: 0,
    });

    await send(modify({ BackupRetentionPeriod: 7, ApplyImmediately: true }, "bare"));
    expect((await look(bare.resourceId))?.LatestRestorableTime).toBeUndefined();
    await advance(30 * MINUTE);

    const latest = (await look(bare.resourceId))?.LatestRestorableTime?.getTime() ?? 0;
    expect(latest).toBeGreaterThan(START);
  });

  it("to a new major version wants to be meant", async () => {
    const { send } = makeRds();

    await expect(send(modify({ EngineVersion: "17.2", ApplyImmediately: true }))).rejects.toThrow(
      "AllowMajorVersionUpgrade",
    );
    await send(modify({ EngineVersion: "16.6", ApplyImmediately: true }));
  });

  it("gives an instance a role once", async () => {
    const { look, prod, send } = makeRds();
    const role = { RoleArn: "arn:aws:iam::123456789012:role/s3-import", FeatureName: "s3Import" };
    const add = new AddRoleToDBInstanceCommand({ DBInstanceIdentifier: "prod", ...role });

    await send(add);

    expect((await look(prod.resourceId))?.AssociatedRoles).toEqual([{ ...role, Status: "ACTIVE" }]);
    await expect(send(add)).rejects.toMatchObject({ name: "DBInstanceRoleAlreadyExistsFault" });
  });
});
