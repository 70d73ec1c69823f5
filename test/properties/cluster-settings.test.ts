import {
  CreateDBClusterSnapshotCommand,
  DescribeDBClustersCommand,
  FailoverDBClusterCommand,
} from "@aws-sdk/client-rds";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { databaseNames } from "../../lambdas/components/database/names.ts";
import { clusterShape } from "../../lambdas/components/database/shapes/cluster-shape.ts";
import type { ClusterDatabase } from "../../lambdas/components/database/shapes/shape.ts";
import { DatabaseMove } from "../../lambdas/contracts/kinds/database.ts";
import type { ClusterSpec } from "../../lib/region/services/rds/cluster-settings.ts";
import { aCluster } from "../unit/database/arbitrary-cluster.ts";
import { makeMove } from "../unit/database/make-move.ts";
import { ago, MINUTE, makeOutlook } from "../unit/database/make-outlook.ts";

const WAYS = ["point-in-time", "snapshot", "clone"] as const;
type Way = (typeof WAYS)[number];

/** A source in the simulated RDS, and the shape by which the driver copies it. */
async function makeCopying(spec: ClusterSpec, way: Way) {
  const outlook = makeOutlook();
  const { rds, client, send, advance, run } = outlook;
  const shop = rds.databases.installCluster(spec);
  rds.databases.drill.securityGroup("sg-0123456789abcdef0", { admits: false });
  if (way === "snapshot") {
    const names = { DBClusterIdentifier: "shop", DBClusterSnapshotIdentifier: "then" };
    await send(new CreateDBClusterSnapshotCommand(names));
    await advance(10 * MINUTE);
  }
  const { details } = makeMove(shop, {
    ...{ way, shape: "cluster", identifier: "shop", cutOver: { strategy: "rename" } },
    ...{ restoreTo: way === "clone" ? undefined : ago(30), quarantineSecurityGroup: "sg-0123456789abcdef0" },
    ...(way === "snapshot" ? { snapshotIdentifier: "then" } : {}),
  });
  const parts = { rds: client, rdsOnce: client, rollbackId: "rb-1", details: DatabaseMove.parse(details) };
  const shape = clusterShape(parts);
  const staging = databaseNames({ identifier: "shop", rollbackId: "rb-1" }).staging;
  const found = async (name: string): Promise<ClusterDatabase> => {
    const database = await run(() => shape.named(name));
    if (!database) throw new Error(`There is no ${name}`);
    return database;
  };
  return { ...outlook, shape, staging, found };
}

/** Everything that the driver does between the restore and the checks; answers what it did, in order. */
async function copied({ shape, staging, found, run, advance }: Awaited<ReturnType<typeof makeCopying>>) {
  const source = await found("shop");
  await run(() => shape.restore(source));
  await advance(60 * MINUTE);
  const keys: string[] = [];
  for (;;) {
    const change = shape.nextChange(source, await found(staging));
    if (!change) return keys;
    keys.push(change.key);
    if (keys.length > 12) throw new Error(`It never comes to an end: ${keys.join(", ")}`);
    await run(change.send);
    await advance(30 * MINUTE);
  }
}

describe("the settings of a cluster's copy", () => {
  it("are the source's before anybody looks at it, and all of them once it serves, by whatever way it was made", async () => {
    await fc.assert(
      fc.asyncProperty(aCluster, fc.constantFrom(...WAYS), async (spec, way) => {
        const made = await makeCopying(spec, way);
        const { shape, staging, found, run, advance } = made;

        const keys = await copied(made);

        const source = await found("shop");
        const copy = await found(staging);
        expect(shape.differences(source, copy, "prepared")).toEqual([]);
        expect(shape.isComplete(copy)).toBe(true);
        expect(keys.filter((key) => key.startsWith("member-"))).toHaveLength(spec.members.length);
        expect(keys.length).toBe(new Set(keys).size);
        expect(copy.securityGroups).toEqual(["sg-0123456789abcdef0"]);
        expect(copy.deletionProtection).toBe(false);

        const serving = shape.asServing(source, source.securityGroups);
        const goLive = shape.goLive(serving, copy);
        if (goLive) await run(goLive.send);
        await advance(30 * MINUTE);
        expect(shape.differences(serving, await found(staging), "live")).toEqual([]);
      }),
      { numRuns: 25, seed: 11 },
    );
  });

  it("have a writer like the source's writer, and stay the same whoever becomes the writer afterwards", async () => {
    await fc.assert(
      fc.asyncProperty(aCluster, async (spec) => {
        const made = await makeCopying(spec, "point-in-time");
        await copied(made);
        const { shape, staging, found, send, advance } = made;
        const source = await found("shop");
        const copy = await found(staging);
        expect(copy.members[0]?.PromotionTier).toBe(source.members[0]?.PromotionTier);
        expect(copy.members[0]?.DBInstanceClass).toBe(source.members[0]?.DBInstanceClass);

        if (spec.members.length > 1) {
          await send(new FailoverDBClusterCommand({ DBClusterIdentifier: staging }));
          await advance(5 * MINUTE);
        }

        expect(shape.differences(source, await found(staging), "prepared")).toEqual([]);
      }),
      { numRuns: 8, seed: 12 },
    );
  });

  it("that a copy has otherwise are named, one by one", async () => {
    const [spec] = fc.sample(aCluster, { numRuns: 1, seed: 13 });
    if (!spec) throw new Error("Nothing was sampled");
    const made = await makeCopying({ ...spec, HttpEndpointEnabled: true, Port: 5_555 }, "point-in-time");
    const { shape, found, run, advance, staging, send } = made;
    const source = await found("shop");
    await run(() => shape.restore(source));
    await advance(60 * MINUTE);

    const bare = shape.differences(source, await found(staging), "prepared");

    expect(bare).toContain("HTTP endpoint is off, not on");
    expect(bare).toContain("it has no member like shop-1");
    expect(bare.some((difference) => difference.startsWith("port"))).toBe(false);
    const { DBClusters } = await send(new DescribeDBClustersCommand({ DBClusterIdentifier: staging }));
    expect(DBClusters?.[0]?.Port).toBe(5_555);
  });
});
