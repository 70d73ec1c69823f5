import {
  AddTagsToResourceCommand,
  CreateReplicationGroupCommand,
  type CreateReplicationGroupCommandInput,
  CreateServerlessCacheCommand,
  CreateSnapshotCommand,
  DeleteReplicationGroupCommand,
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
  DescribeServerlessCachesCommand,
  DescribeSnapshotsCommand,
  ListTagsForResourceCommand,
} from "@aws-sdk/client-elasticache";
import { describe, expect, it } from "vitest";
import { makeEdgeRegion } from "../make-edge-region.ts";

const content = { "epoch-7:user:1": "Ada", "epoch-7:user:2": "Grace", "session:1": "open" };
const minutes = 60;

function makeCaches() {
  const edge = makeEdgeRegion();
  const arn = edge.cache.install.replicationGroup({ id: "boardroom", content });
  const { cache: client } = edge.clients;
  return {
    ...edge,
    arn,
    client,
    restore: (overrides: Partial<CreateReplicationGroupCommandInput> = {}, as = client) =>
      edge.run(() =>
        as.send(
          new CreateReplicationGroupCommand({
            ReplicationGroupId: "boardroom-restored",
            ReplicationGroupDescription: "restored",
            SnapshotName: "before",
            ...overrides,
          }),
        ),
      ),
    snapshot: (SnapshotName = "before") =>
      edge.run(() =>
        client.send(new CreateSnapshotCommand({ ReplicationGroupId: "boardroom", SnapshotName })),
      ),
    statusOf: async (ReplicationGroupId: string) => {
      const command = new DescribeReplicationGroupsCommand({ ReplicationGroupId });
      return (await edge.run(() => client.send(command))).ReplicationGroups?.[0]?.Status;
    },
    snapshots: async () =>
      (await edge.run(() => client.send(new DescribeSnapshotsCommand({})))).Snapshots?.map((one) => [
        one.SnapshotName,
        one.SnapshotStatus,
        one.SnapshotSource,
      ]),
  };
}

describe("a snapshot", () => {
  it("holds what the cache held when it was asked for, and keeps the cache busy until it is done", async () => {
    const { snapshot, snapshots, statusOf, cache, pass, restore } = makeCaches();

    await snapshot();
    cache.caches.write("boardroom", "epoch-8:user:1", "Eve");

    expect([await snapshots(), await statusOf("boardroom")]).toEqual([
      [["before", "creating", "manual"]],
      "snapshotting",
    ]);
    await expect(snapshot("second")).rejects.toMatchObject({ name: "InvalidReplicationGroupStateFault" });
    await expect(restore()).rejects.toMatchObject({ name: "InvalidSnapshotStateFault" });
    await pass(8 * minutes);
    expect([await snapshots(), await statusOf("boardroom")]).toEqual([
      [["before", "available", "manual"]],
      "available",
    ]);
    await expect(snapshot()).rejects.toMatchObject({ name: "SnapshotAlreadyExistsFault" });
    await restore();
    await pass(30 * minutes);
    expect(Object.fromEntries(cache.caches.content("boardroom-restored"))).toEqual(content);
  });

  it("goes into a new group only, which takes its time and never touches the old one", async () => {
    const { cache, client, run, restore, pass, statusOf, snapshots } = makeCaches();
    cache.install.snapshot("boardroom", "before");
    cache.caches.flush("boardroom");

    const { ReplicationGroup } = await restore();

    expect(ReplicationGroup).toMatchObject({ Status: "creating", NodeGroups: [{ Status: "creating" }] });
    expect(await snapshots()).toEqual([["before", "restoring", "automated"]]);
    expect(() => cache.caches.content("boardroom-restored")).toThrow("Connection refused");
    await expect(restore({ ReplicationGroupId: "Boardroom" })).rejects.toMatchObject({
      name: "ReplicationGroupAlreadyExistsFault",
    });
    await pass(9 * minutes);
    expect(await statusOf("boardroom-restored")).toBe("creating");
    await pass(21 * minutes);
    expect(await statusOf("boardroom-restored")).toBe("available");
    expect(cache.caches.content("boardroom-restored", "epoch-7:").size).toBe(2);
    expect(cache.caches.content("boardroom").size).toBe(0);
    const { CacheClusters } = await run(() => client.send(new DescribeCacheClustersCommand({})));
    expect(CacheClusters?.map(({ CacheClusterId }) => CacheClusterId)).toEqual([
      "boardroom-001",
      "boardroom-002",
      "boardroom-restored-001",
    ]);
  });

  it("of a group with cluster mode cannot become one without, and must exist", async () => {
    const { cache, restore, client, run } = makeCaches();
    cache.install.replicationGroup({ id: "sharded", settings: { clusterMode: true, shards: 2 } });
    cache.install.snapshot("sharded", "shards");

    await expect(restore({ SnapshotName: "shards", ClusterMode: "disabled" })).rejects.toMatchObject({
      name: "InvalidParameterCombinationException",
    });
    await expect(restore({ SnapshotName: "missing" })).rejects.toMatchObject({
      name: "SnapshotNotFoundFault",
    });
    await expect(restore({ AuthToken: "secret" })).rejects.toMatchObject({ name: "NotImplemented" });
    await restore({ SnapshotName: "shards" });
    const { ReplicationGroups } = await run(() =>
      client.send(new DescribeReplicationGroupsCommand({ ReplicationGroupId: "boardroom-restored" })),
    );
    expect(ReplicationGroups?.[0]).toMatchObject({ ClusterEnabled: true, NodeGroups: [{}, {}] });
  });

  it("can be made twenty times a day and no more", async () => {
    const { snapshot, pass } = makeCaches();
    for (let index = 0; index < 20; index++) {
      await snapshot(`manual-${index}`);
      await pass(8 * minutes);
    }

    await expect(snapshot("one-more")).rejects.toMatchObject({ name: "SnapshotQuotaExceededFault" });
    await pass(24 * 60 * minutes);
    await snapshot("one-more");
  });

  it("becomes a serverless cache as well", async () => {
    const { cache, client, run, pass, account } = { ...makeCaches(), account: "123456789012" };
    const SnapshotArnsToRestore = [cache.install.snapshot("boardroom", "before")];
    const create = () =>
      run(() =>
        client.send(
          new CreateServerlessCacheCommand({
            ServerlessCacheName: "light",
            Engine: "valkey",
            SnapshotArnsToRestore,
          }),
        ),
      );

    await create();
    await expect(create()).rejects.toMatchObject({ name: "ServerlessCacheAlreadyExistsFault" });
    await pass(30 * minutes);

    const { ServerlessCaches } = await run(() => client.send(new DescribeServerlessCachesCommand({})));
    expect(ServerlessCaches).toMatchObject([
      {
        ServerlessCacheName: "light",
        Status: "AVAILABLE",
        ARN: `arn:aws:elasticache:eu-west-1:${account}:serverlesscache:light`,
      },
    ]);
    expect(cache.caches.content("light").get("session:1")).toBe("open");
    expect(() => cache.caches.flush("light")).toThrow("not known");
  });
});

describe("deleting a replication group", () => {
  it("takes minutes, can leave a last snapshot, and is final", async () => {
    const { client, run, pass, statusOf, snapshots, cache } = makeCaches();
    const remove = new DeleteReplicationGroupCommand({
      ReplicationGroupId: "boardroom",
      FinalSnapshotIdentifier: "last",
    });

    await run(() => client.send(remove));

    expect(await statusOf("boardroom")).toBe("deleting");
    expect(() => cache.caches.content("boardroom")).toThrow("Connection refused");
    await expect(run(() => client.send(remove))).rejects.toMatchObject({
      name: "InvalidReplicationGroupStateFault",
    });
    await pass(15 * minutes);
    await expect(statusOf("boardroom")).rejects.toMatchObject({ name: "ReplicationGroupNotFoundFault" });
    expect(await snapshots()).toEqual([["last", "available", "manual"]]);
  });

  it("may be granted for what a rollback made and tagged, and for nothing else", async () => {
    const { clientsOf, client, run, restore, cache, pass, arn } = makeCaches();
    cache.install.snapshot("boardroom", "before");
    const all = "arn:aws:elasticache:eu-west-1:123456789012:*";
    const tagged = (key: string) => ({ StringEquals: { [`aws:${key}/stepback:rollback`]: "rb-1" } });
    const { cache: limited } = clientsOf(
      "limited",
      { Effect: "Allow", Action: "elasticache:CreateReplicationGroup", Resource: `${all}:before` },
      {
        Effect: "Allow",
        Action: ["elasticache:CreateReplicationGroup", "elasticache:AddTagsToResource"],
        Resource: `${all}:boardroom-restored`,
        Condition: tagged("RequestTag"),
      },
      {
        Effect: "Allow",
        Action: "elasticache:DeleteReplicationGroup",
        Resource: all,
        Condition: tagged("ResourceTag"),
      },
    );
    const Tags = [{ Key: "stepback:rollback", Value: "rb-1" }];
    const remove = (ReplicationGroupId: string) =>
      run(() => limited.send(new DeleteReplicationGroupCommand({ ReplicationGroupId })));

    await expect(restore({}, limited)).rejects.toMatchObject({ name: "AccessDenied" });
    await restore({ Tags }, limited);
    await pass(30 * minutes);
    await expect(remove("boardroom")).rejects.toMatchObject({ name: "AccessDenied" });
    await remove("boardroom-restored");

    await run(() => client.send(new AddTagsToResourceCommand({ ResourceName: arn, Tags })));
    const { TagList } = await run(() => client.send(new ListTagsForResourceCommand({ ResourceName: arn })));
    expect(TagList).toEqual(Tags);
  });
});

describe("a flush", () => {
  it("is a client's doing, empties the whole cache, and is refused where the parameter group blocks it", () => {
    const { cache, endpoint } = makeCaches();
    cache.install.replicationGroup({
      id: "guarded",
      content,
      flushBlocked: true,
      settings: { parameterGroup: "no-flush" },
    });

    cache.caches.flush("boardroom");

    expect(cache.caches.content("boardroom").size).toBe(0);
    expect(() => cache.caches.flush("guarded")).toThrow("unknown command");
    expect(cache.caches.content("guarded", "epoch-7:").get("epoch-7:user:1")).toBe("Ada");
    expect(endpoint.calls).toEqual([]);
  });
});
