import { describe, expect, it } from "vitest";
import { ADDRESSES, ruleArn } from "../../../lib/region/application/complete-names.ts";
import { WRITTEN_IDS, withInstalledIds } from "../../../lib/region/application/written-ids.ts";
import { makeComplete } from "./make-complete.ts";

type App = Awaited<ReturnType<typeof makeComplete>>;

describe("the edges of boardroom complete", () => {
  it("shows the maintenance page instead of failing, and writes nothing once writers are paused", async () => {
    const app = await makeComplete();
    await switchPage(app, { Field: "path-pattern", Values: ["*"] });
    const pausing = { cluster: "boardroom", service: "boardroom-api", desiredCount: 0 };
    await app.operate("ecs", "UpdateService", pausing);
    await app.forSeconds(120);
    const since = app.kernel.now + 1;

    expect(app.complete.gate()).toBe("maintenance");
    expect(app.complete.writersRunning()).toBe(0);
    expect(await app.feltIn(60)).toEqual({});
    expect(app.boardroom.turnedAway(since).maintenance).toBeGreaterThan(3_000);
    expect(app.complete.writesSince(since).writes).toBe(0);
    expect(app.region.rds.databases.sessions("boardroom")).toBe(0);

    await app.operate("ecs", "UpdateService", { ...pausing, desiredCount: 3 });
    await app.forSeconds(120);
    await switchPage(app, { Field: "host-header", Values: ["inactive.invalid"] });
    const open = app.kernel.now + 1;
    expect(await app.feltIn(60)).toEqual({});
    expect(app.boardroom.turnedAway(open).maintenance).toBe(0);
    expect(app.complete.writesSince(open).rows).toBeGreaterThan(100);
  });

  it("lets nobody in but the allow-list when its load balancer is isolated", async () => {
    const app = await makeComplete();
    await app.operate("elasticloadbalancing", "SetSecurityGroups", {
      LoadBalancerArn: app.region.loadBalancing.loadBalancerOf(
        ruleArn(app.region.context, "maintenance")
          .replace(":listener-rule/", ":listener/")
          .replace(/\/[^/]+$/, ""),
      ),
      SecurityGroups: ["sg-02c3d4e5"],
    });
    await app.forSeconds(10);
    const since = app.kernel.now + 1;

    expect(await app.feltIn(30)).toEqual({});
    expect(app.boardroom.turnedAway(since).isolated).toBeGreaterThan(1_500);
    expect([app.complete.gate(), app.complete.gate(ADDRESSES.staff)]).toEqual(["isolated", "open"]);
  });

  it.each(["pointer", "origin-path"] as const)(
    "serves both releases of a frontend by %s while one is deployed, and then the new one everywhere",
    async (frontend) => {
      const app = await makeComplete({ frontend });
      app.complete.frontend.deploy("2.10.0");
      const seen = new Set<string>();
      for (let step = 0; step < 90; step++) {
        await app.forSeconds(10);
        seen.add([...new Set(Object.values(app.complete.frontendReleases()))].sort().join(" "));
      }

      expect(seen).toContain("2.10.0 2.9.5");
      expect([...seen].at(-1)).toBe("2.10.0");
      expect(await app.feltIn(60)).toEqual({});
    },
  );

  it.each(["versioned-bucket", "release-prefix"] as const)(
    "serves pages with parts of two releases while a frontend by %s is deployed, until they are invalidated",
    async (frontend) => {
      const app = await makeComplete({ frontend });
      expect(new Set(Object.values(app.complete.frontendReleases()))).toEqual(new Set(["2.9.5"]));
      app.complete.frontend.deploy("2.10.0");

      expect((await app.feltIn(120)).frontend).toBeGreaterThan(0);
      expect(await app.feltIn(60)).toEqual({});
      expect(new Set(Object.values(app.complete.frontendReleases()))).toEqual(new Set(["2.10.0"]));
    },
  );

  it("makes API calls fail where a broken frontend is served", async () => {
    const app = await makeComplete();
    app.complete.frontendUsers.setRelease("2.10.0", { broken: true });
    expect(await app.feltIn(30)).toEqual({});
    app.complete.frontend.deploy("2.10.0");
    await app.forSeconds(120);

    expect((await app.feltIn(60)).frontend).toBeGreaterThan(1_500);
    app.complete.frontend.deploy("2.9.5");
    await app.forSeconds(120);
    expect(await app.feltIn(60)).toEqual({});
  });

  it("keeps a poisoned cache until the API is restarted with another epoch", async () => {
    const app = await makeComplete();
    app.boardroom.setRelease("api", "2.10.0", { errorRate: 0, poisonsCache: true });
    await app.deploy("2.10.0");
    await app.deploy("2.9.5");
    expect((await app.feltIn(60)).cache).toBeGreaterThan(1_000);

    const epoch = { Name: "/boardroom/cache/epoch", Value: "8", Overwrite: true };
    await app.operate("ssm", "PutParameter", epoch);
    expect(app.complete.cacheEpoch()).toBe("8");
    expect((await app.feltIn(60)).cache).toBeGreaterThan(1_000);
    await app.restart();
    expect(await app.feltIn(60)).toEqual({});
  });

  it("empties the cache with a task", async () => {
    const app = await makeComplete();
    app.boardroom.setRelease("api", "2.9.5", { poisonsCache: true });
    await app.forSeconds(60);
    app.boardroom.setRelease("api", "2.9.5", { poisonsCache: false });
    expect((await app.feltIn(60)).cache).toBeGreaterThan(500);

    expect(await app.runTask("boardroom-cache-flush", ["flush"])).toBe(0);
    expect(await app.feltIn(60)).toEqual({});
  });

  it("fails with flags that the API does not know, once it has read them, and says so in its smoke test", async () => {
    const app = await makeComplete();
    const flags = (value: object) => ({
      Name: "/boardroom/api/feature-flags",
      Value: JSON.stringify(value),
      Overwrite: true,
    });
    await app.operate("ssm", "PutParameter", flags({ "instant-search": true }));
    expect(await app.runTask("boardroom-smoke", ["smoke"])).toBe(0);
    await app.restart();

    expect((await app.feltIn(60)).configuration).toBeGreaterThan(2_000);
    expect(await app.runTask("boardroom-smoke", ["smoke"])).toBe(1);
  });

  it("says which identifiers it really has", async () => {
    const app = await makeComplete({ seed: 8 });
    const { secretArn } = withInstalledIds({ secretArn: WRITTEN_IDS.passwordSecretArn }, app.ids);

    expect(secretArn).toBe(app.ids.passwordSecretArn);
    expect(app.region.secrets.current(secretArn)?.meaning).toBe("boardroom-password-2");
  });
});

async function switchPage(app: App, condition: object): Promise<void> {
  const rule = { RuleArn: ruleArn(app.region.context, "maintenance"), Conditions: [condition] };
  await app.operate("elasticloadbalancing", "ModifyRule", rule);
  await app.forSeconds(15);
}
