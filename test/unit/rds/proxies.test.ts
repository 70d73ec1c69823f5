import {
  DeregisterDBProxyTargetsCommand,
  DescribeDBProxiesCommand,
  DescribeDBProxyTargetsCommand,
  ModifyDBInstanceCommand,
  RegisterDBProxyTargetsCommand,
} from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { MINUTE, makeRds, START } from "./make-rds.ts";

/** `prod` behind the proxy `front`, whose secret holds the password `v1` unless a test says otherwise. */
function makeProxy(secret: { label: string } = { label: "v1" }) {
  const rds = makeRds();
  const { host } = rds.databases.installProxy({
    name: "front",
    engineFamily: "POSTGRESQL",
    target: { instance: "prod" },
    secretArn: "arn:secret",
    passwordLabel: () => secret.label,
  });
  const name = (id: string) => ({ DBProxyName: "front", DBInstanceIdentifiers: [id] });
  return {
    ...rds,
    host,
    register: (id: string) => rds.send(new RegisterDBProxyTargetsCommand(name(id))),
    deregister: (id: string) => rds.send(new DeregisterDBProxyTargetsCommand(name(id))),
    health: async () => {
      const { Targets } = await rds.send(new DescribeDBProxyTargetsCommand({ DBProxyName: "front" }));
      return Targets?.[0]?.TargetHealth;
    },
    restored: async () => {
      await rds.restore("new", new Date(START - MINUTE * 60), { VpcSecurityGroupIds: ["sg-prod"] });
    },
  };
}

describe("a proxy", () => {
  it("is cut over by its target, which becomes available in its own time", async () => {
    const { advance, databases, deregister, health, host, register, restored, send } = makeProxy();
    await restored();
    await advance(40 * MINUTE);
    const { DBProxies } = await send(new DescribeDBProxiesCommand({ DBProxyName: "front" }));
    expect(DBProxies?.[0]).toMatchObject({ Endpoint: host, Auth: [{ SecretArn: "arn:secret" }] });
    await expect(register("new")).rejects.toMatchObject({ name: "DBProxyTargetAlreadyRegisteredFault" });

    await deregister("prod");
    expect(databases.connectable(host)).toBe(false);
    await register("new");
    const states: string[] = [];
    for (let seconds = 0; seconds < 120; seconds += 5) {
      const { State, Reason = "" } = (await health()) ?? {};
      const line = `${State} ${Reason}`.trim();
      if (states.at(-1) !== line) states.push(line);
      await advance(5_000);
    }

    expect(states).toEqual(["REGISTERING", "UNAVAILABLE PENDING_PROXY_CAPACITY", "AVAILABLE"]);
    expect(databases.write(host, "orders", 1)).toBe(true);
    expect(databases.contentAt("new")?.rows).toEqual({ orders: 1001 });
    expect(databases.contentAt("prod")?.rows).toEqual({ orders: 1000 });
  });

  it("refuses an instance that is still being created, and forgets only what it has", async () => {
    const { deregister, register, restored } = makeProxy();
    await restored();
    await deregister("prod");

    await expect(register("new")).rejects.toMatchObject({
      name: "InvalidDBInstanceStateFault",
      message:
        "DB Instance new is in an unsupported state - CREATING, needs to be in [AVAILABLE, MODIFYING, BACKING_UP]",
    });
    await expect(deregister("prod")).rejects.toMatchObject({ name: "DBProxyTargetNotFoundFault" });
  });

  it("cannot log in when its secret is not the database's password", async () => {
    const secret = { label: "v1" };
    const { databases, health, host } = makeProxy(secret);

    databases.setPassword("prod", "v2");
    expect(await health()).toMatchObject({ State: "UNAVAILABLE", Reason: "AUTH_FAILURE" });
    expect(databases.connectable(host)).toBe(false);
    secret.label = "v2";

    expect(await health()).toEqual({ State: "AVAILABLE" });
  });

  it("loses a target that was renamed, and does not take the name's new holder for it", async () => {
    const { advance, databases, health, send } = makeProxy();
    await send(
      new ModifyDBInstanceCommand({
        DBInstanceIdentifier: "prod",
        NewDBInstanceIdentifier: "prod-old",
        ApplyImmediately: true,
      }),
    );
    await advance(15 * MINUTE);

    databases.install({ DBInstanceIdentifier: "prod", Engine: "postgres", passwordLabel: "v1" });

    expect(await health()).toMatchObject({ State: "UNAVAILABLE", Reason: "UNREACHABLE" });
  });

  it("is kept out by the security groups of its target", async () => {
    const { databases, health, host } = makeProxy();
    databases.drill.securityGroup("sg-prod", { admits: false });

    expect(await health()).toMatchObject({ State: "UNAVAILABLE", Reason: "UNREACHABLE" });
    expect(databases.connectable(host)).toBe(false);
  });

  it("shows a cluster as itself, without health, and as each of its members", async () => {
    const { databases, send } = makeProxy();
    const members = [{ DBInstanceIdentifier: "shop-1" }, { DBInstanceIdentifier: "shop-2" }];
    databases.installCluster({
      DBClusterIdentifier: "shop",
      Engine: "aurora-postgresql",
      VpcSecurityGroupIds: ["sg-prod"],
      passwordLabel: "v1",
      members,
    });
    databases.installProxy({
      name: "shop",
      engineFamily: "POSTGRESQL",
      target: { cluster: "shop" },
      secretArn: "arn:secret",
      passwordLabel: () => "v1",
    });
    const shown = async () =>
      (await send(new DescribeDBProxyTargetsCommand({ DBProxyName: "shop" }))).Targets?.map(
        ({ Type, RdsResourceId, TrackedClusterId, Role, TargetHealth }) =>
          [Type, RdsResourceId, TrackedClusterId, Role, TargetHealth?.State].filter(Boolean).join(" "),
      );

    expect(await shown()).toEqual([
      "TRACKED_CLUSTER shop",
      "RDS_INSTANCE shop-1 shop READ_WRITE AVAILABLE",
      "RDS_INSTANCE shop-2 shop READ_ONLY AVAILABLE",
    ]);
    databases.drill.proxyMembersNameTheirCluster = false;
    expect((await shown())?.[1]).toBe("RDS_INSTANCE shop-1 READ_WRITE AVAILABLE");
  });
});
