import { DeleteSnapshotCommand, DescribeSnapshotsCommand } from "@aws-sdk/client-elasticache";
import { describe, expect, it } from "vitest";
import { Kernel } from "../../../../lib/region/kernel/kernel.ts";
import { elastiCacheService } from "../../../../lib/region/services/elasticache/elasticache-service.ts";
import { makeContext } from "../../task/make-client-settings.ts";
import { makeEdgeRegion } from "../make-edge-region.ts";

describe("a client of a cache", () => {
  it("gets no connection where the security groups do not let it in", () => {
    const context = makeContext(new Kernel({ seed: 1, start: 0 }));
    const asked: unknown[] = [];
    const { caches, install } = elastiCacheService(context, {
      admits: (groups, port) => {
        asked.push([groups, port]);
        return groups.includes("sg-open");
      },
    });
    install.replicationGroup({ id: "near", settings: { securityGroupIds: ["sg-open"], port: 6380 } });
    install.replicationGroup({ id: "far", settings: { securityGroupIds: ["sg-shut"] } });

    caches.write("near", "user:1", "Ada");

    expect(caches.content("near").size).toBe(1);
    expect(() => caches.content("far")).toThrow("timed out");
    expect(() => caches.content("none")).toThrow("no cache answers");
    expect(asked).toEqual([
      [["sg-open"], 6380],
      [["sg-open"], 6380],
      [["sg-shut"], 6379],
    ]);
  });
});

describe("a snapshot that somebody deletes", () => {
  it("is gone, and is not deleted a second time", async () => {
    const { cache, clients, run } = makeEdgeRegion();
    cache.install.replicationGroup({ id: "boardroom" });
    cache.install.snapshot("boardroom", "last-night");
    const remove = () =>
      run(() => clients.cache.send(new DeleteSnapshotCommand({ SnapshotName: "last-night" })));

    expect((await remove()).Snapshot?.SnapshotName).toBe("last-night");

    expect((await run(() => clients.cache.send(new DescribeSnapshotsCommand({})))).Snapshots).toEqual([]);
    await expect(remove()).rejects.toMatchObject({ name: "SnapshotNotFoundFault" });
  });
});
