import { describe, expect, it } from "vitest";
import { COMPLETE, GROUPS } from "../../../lib/region/application/complete-names.ts";
import { makeComplete } from "./make-complete.ts";

type App = Awaited<ReturnType<typeof makeComplete>>;

const put = (app: App, Name: string, Value: string) =>
  app.operate("ssm", "PutParameter", { Name, Value, Overwrite: true });

async function pause(app: App): Promise<void> {
  const pausing = { cluster: "boardroom", service: "boardroom-api", desiredCount: 0 };
  await app.operate("ecs", "UpdateService", pausing);
  await app.forSeconds(120);
}

/** Turns the page on or off, as whoever operates that kind of it does. */
const TURN = {
  "key-value-store": async (app: App, to: string) => {
    const [arn = ""] = [app.ids.keyValueStoreArn];
    const described = await app.operate("cloudfront-keyvaluestore", "DescribeKeyValueStore", { KvsARN: arn });
    const key = { KvsARN: arn, Key: COMPLETE.pageKey, Value: to, IfMatch: described["ETag"] };
    await app.operate("cloudfront-keyvaluestore", "PutKey", key);
  },
  parameter: (app: App, to: string) => put(app, COMPLETE.pageParameter, to),
};

describe.each(["key-value-store", "parameter"] as const)("the maintenance page by %s", (page) => {
  it("keeps everybody from the services a moment after it is turned on, and lets them in again", async () => {
    const app = await makeComplete({ page });
    expect(app.complete.gate()).toBe("open");
    await TURN[page](app, "on");
    await app.forSeconds(25);
    await pause(app);
    const since = app.kernel.now + 1;

    expect(app.complete.gate()).toBe("maintenance");
    expect(await app.feltIn(60)).toEqual({});
    expect(app.boardroom.turnedAway(since).maintenance).toBeGreaterThan(3_000);

    await app.operate("ecs", "UpdateService", {
      ...{ cluster: "boardroom", service: "boardroom-api", desiredCount: 3 },
    });
    await app.forSeconds(120);
    await TURN[page](app, "off");
    await app.forSeconds(25);
    const open = app.kernel.now + 1;
    expect(app.complete.gate()).toBe("open");
    expect(await app.feltIn(60)).toEqual({});
    expect(app.boardroom.turnedAway(open).maintenance).toBe(0);
  });

  it("reaches people one after the other: who stops writers at once lets some of them down", async () => {
    const app = await makeComplete({ page });
    await TURN[page](app, "on");
    const since = app.kernel.now + 1;
    await app.forSeconds(5);

    expect(app.boardroom.turnedAway(since).maintenance).toBeLessThan(65 * 5 * 0.9);
  });
});

describe("the maintenance page at the edge", () => {
  it("needs the store of the pointer", async () => {
    await expect(makeComplete({ page: "key-value-store", frontend: "origin-path" })).rejects.toThrow(
      "needs the frontend pointer",
    );
  });
});

describe("the cache of boardroom complete", () => {
  it("has keys without an epoch where it is flushed or copied, so that a new epoch changes nothing", async () => {
    const app = await makeComplete({ cache: "flush" });
    app.boardroom.setRelease("api", "2.9.5", { poisonsCache: true });
    await app.forSeconds(60);
    app.boardroom.setRelease("api", "2.9.5", { poisonsCache: false });
    await put(app, COMPLETE.cacheEpochParameter, "8");
    await app.restart();
    expect((await app.feltIn(60)).cache).toBeGreaterThan(500);

    expect(await app.runTask("boardroom-cache-flush", ["flush"])).toBe(0);
    expect(await app.feltIn(60)).toEqual({});
  });

  it("is another one for tasks that start with another host, as long as they reach it", async () => {
    const app = await makeComplete({ cache: "snapshot" });
    expect(app.complete.cachesInUse()).toEqual(["boardroom"]);
    const host = (id: string) => `master.${id}.223333.eu-west-1.cache.amazonaws.com`;
    const { install } = app.region.caches;
    install.replicationGroup({ id: "reached", settings: { securityGroupIds: [GROUPS.cache] } });
    install.replicationGroup({ id: "hidden" });
    await put(app, COMPLETE.cacheHostParameter, host("reached"));
    expect(app.complete.cachesInUse()).toEqual(["boardroom"]);
    await app.restart();
    expect([app.complete.cachesInUse(), app.complete.symptoms()]).toEqual([["reached"], []]);

    await put(app, COMPLETE.cacheHostParameter, host("hidden"));
    await app.restart();
    expect(app.complete.cachesInUse()).toEqual(["none"]);
    expect(app.complete.symptoms()).toEqual(["api: the cache does not answer"]);
    expect(await app.runTask("boardroom-cache-flush", ["flush"])).toBe(1);
  });

  it("was backed up last night", async () => {
    const app = await makeComplete();
    const { Snapshots } = await app.operate("elasticache", "DescribeSnapshots", {});

    expect(Snapshots).toMatchObject([{ SnapshotName: COMPLETE.cacheSnapshot, SnapshotStatus: "available" }]);
  });
});

describe("secret parameters of boardroom complete", () => {
  it.each([COMPLETE.licenceParameter, COMPLETE.signingKeyParameter])(
    "make the API fail when %s is wrong, once it has read them",
    async (name) => {
      const app = await makeComplete();
      await put(app, name, "wrong");
      expect(await app.feltIn(30)).toEqual({});
      await app.restart();
      expect((await app.feltIn(30)).configuration).toBeGreaterThan(1_000);
    },
  );
});
