import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Environment } from "../../../lambdas/contracts/environment.ts";
import { KINDS } from "../../../lambdas/contracts/vocabulary.ts";
import { checkedYaml } from "../../../lib/files/checked-yaml.ts";
import { BOARDROOM, targetGroupName } from "../../../lib/region/application/boardroom-names.ts";
import { COMPLETE, GROUPS, REVISIONS, ruleArn } from "../../../lib/region/application/complete-names.ts";
import { WRITTEN_IDS, withInstalledIds } from "../../../lib/region/application/written-ids.ts";
import { makeComplete } from "./make-complete.ts";

const file = "environments/complete.yaml";
const text = readFileSync(`${import.meta.dirname}/../../../${file}`, "utf8");

describe("the shapes of boardroom complete", () => {
  it.each([
    { engine: "postgres", cutOver: "proxy" },
    { engine: "postgres", cutOver: "endpoint-secret" },
    { engine: "postgres", cutOver: "rename" },
    { engine: "aurora-mysql", cutOver: "endpoint-parameter" },
    { engine: "aurora-postgresql", cutOver: "proxy" },
  ] as const)("works with $engine behind $cutOver", async (options) => {
    const app = await makeComplete(options);

    expect(await app.feltIn(60)).toEqual({});
    expect(app.complete.writesSince(app.kernel.now - 30_000).rows).toBeGreaterThan(50);
    expect(app.complete.passwordFits()).toBe(true);
    expect(app.region.rds.databases.sessions(app.complete.liveDatabase() ?? "")).toBe(15);
  });

  it("follows a proxy to its new target without a restart", async () => {
    const app = await makeComplete({ cutOver: "proxy" });
    const old = app.complete.liveDatabase();
    app.region.rds.databases.install({
      DBInstanceIdentifier: "other",
      Engine: "postgres",
      VpcSecurityGroupIds: [GROUPS.database],
      passwordLabel: "boardroom-password-2",
    });
    const target = (id: string) => ({ DBProxyName: COMPLETE.proxy, DBInstanceIdentifiers: [id] });
    await app.operate("rds", "DeregisterDBProxyTargets", target("boardroom"));
    await app.operate("rds", "RegisterDBProxyTargets", target("other"));
    expect((await app.feltIn(10)).database).toBeGreaterThan(100);
    await app.forSeconds(120);
    const since = app.kernel.now + 1;

    expect(await app.feltIn(60)).toEqual({});
    const now = app.complete.liveDatabase();
    expect(now).not.toBe(old);
    expect(app.complete.writesSince(since, now)).toEqual(app.complete.writesSince(since));
    expect(app.region.rds.databases.sessions("boardroom")).toBe(0);
  });

  it("loses its connections while its database is renamed, and finds the new holder of the name by itself", async () => {
    const app = await makeComplete({ cutOver: "rename" });
    const renaming = { DBInstanceIdentifier: "boardroom", NewDBInstanceIdentifier: "boardroom-old" };
    await app.operate("rds", "ModifyDBInstance", { ...renaming, ApplyImmediately: true });
    await app.forSeconds(900);
    expect((await app.feltIn(60)).database).toBeGreaterThan(2_000);
    app.region.rds.databases.install({
      DBInstanceIdentifier: "boardroom",
      Engine: "postgres",
      VpcSecurityGroupIds: [GROUPS.database],
      passwordLabel: "boardroom-password-2",
    });
    await app.forSeconds(10);

    expect(await app.feltIn(60)).toEqual({});
    expect(app.complete.liveDatabase()).toBe(app.region.rds.databases.instance("boardroom")?.resourceId);
  });

  it("is described by its environment, in all kinds and with the names that are installed", async () => {
    const environment = checkedYaml(text, file, Environment);
    const app = await makeComplete();

    expect(new Set(Object.values(environment.components).map(({ kind }) => kind))).toEqual(new Set(KINDS));
    const names = [
      // The others are named in drills only.
      ...Object.entries(WRITTEN_IDS).flatMap(([name, id]) =>
        /^(appConfig|secretsKey|configurationKey)/.test(name) ? [] : [id],
      ),
      ...[COMPLETE.hostParameter, COMPLETE.flagsParameter, COMPLETE.cacheEpochParameter, COMPLETE.bucket],
      ...[COMPLETE.isolationRule, COMPLETE.site, COMPLETE.logGroup, COMPLETE.families.smoke],
      ...[GROUPS.quarantine, GROUPS.allowList, GROUPS.tasks, COMPLETE.families.migrate],
      ...[BOARDROOM.loadBalancer, targetGroupName("api"), ruleArn(app.region.context, "maintenance")],
      ...Object.values(REVISIONS),
    ];
    expect(names.filter((name) => !text.includes(name))).toEqual([]);
    const real = withInstalledIds(environment, app.ids);
    expect(JSON.stringify(real)).not.toContain(WRITTEN_IDS.distributionId);
    expect(Environment.parse(real)).toEqual(real);
  });

  it("gives the same log for the same seed", async () => {
    const run = async (seed: number) => {
      const app = await makeComplete({ seed });
      app.complete.frontend.deploy("2.10.0");
      await app.deploy("2.10.0");
      return app.kernel.log.lines();
    };

    expect(await run(5)).toEqual(await run(5));
  });
});
