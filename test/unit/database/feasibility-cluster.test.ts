import type { DBCluster, DBInstance } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import type { Feasibility } from "../../../lambdas/components/database/planning/check.ts";
import { findingsOf } from "../../../lambdas/components/database/planning/feasibility.ts";
import { makeComponent, NOTHING_AROUND } from "./make-outlook.ts";

const WATCH = "arn:aws:iam::123456789012:role/watch";
const member = (more: DBInstance = {}): DBInstance => ({
  DBInstanceIdentifier: "shop-1",
  DBInstanceStatus: "available",
  ...more,
});
const reader = (more: DBInstance = {}) => member({ DBInstanceIdentifier: "shop-2", ...more });

function makeFacts({
  cluster = {},
  members = [member()],
  way = "point-in-time",
  ...component
}: {
  readonly cluster?: DBCluster;
  readonly members?: readonly DBInstance[];
  readonly way?: Feasibility["way"];
} & Record<string, unknown> = {}): Feasibility {
  const described = { Status: "available", Engine: "aurora-postgresql", ...cluster };
  return {
    way,
    configuration: makeComponent({
      ...{ instance: undefined, cluster: "shop", passRoles: [WATCH] },
      cutOver: { strategy: "proxy", proxy: "shop" },
      ...component,
    }),
    serving: {
      ...{
        shape: "cluster",
        identifier: "shop",
        resourceId: "cluster-SHOP",
        arn: "arn",
        engineVersion: "16.4",
      },
      ...{
        engine: described.Engine ?? "",
        status: described.Status ?? "",
        cluster: described,
        members: [...members],
      },
      ...{ host: "shop.cluster-c1", readerHost: "shop.cluster-ro-c1", tags: {}, kmsKey: undefined },
      createdAt: undefined,
    },
    surroundings: NOTHING_AROUND,
    cutOver: undefined,
    secretGoesAlong: true,
  };
}

const tags = (count: number) => Array.from({ length: count }, (_, index) => ({ Key: `tag-${index}` }));
/** What a copy that took over carries, and its own copy will not inherit. */
const OWN = ["stepback:source", "stepback:like", "aws:rds:primaryDBInstanceArn"].map((Key) => ({ Key }));
const byParameter = { strategy: "endpoint-parameter", parameter: "/shop/host" };
const bySecret = { strategy: "endpoint-secret", secret: "shop/host" };

describe("an Aurora cluster", () => {
  it("with nothing wrong is refused for nothing and warned of nothing", () => {
    expect(findingsOf(makeFacts())).toEqual({ refusals: [], warnings: [] });
  });

  it.each<[string, Feasibility, string]>([
    ["has no members", makeFacts({ members: [] }), "nothing serves"],
    [
      "has a writer that does not serve",
      makeFacts({ members: [member({ DBInstanceStatus: "storage-full" }), reader()] }),
      "its writer shop-1 is storage-full",
    ],
    [
      "has a member without room for tags",
      makeFacts({ members: [member(), reader({ TagList: tags(46) })] }),
      "shop-2 has more than 45 tags",
    ],
    [
      "has no network interface in a VPC",
      makeFacts({ cluster: { VPCNetworkingEnabled: false, InternetAccessGatewayEnabled: true } }),
      "which is not supported",
    ],
    [
      "joins a directory by a role that may not be passed",
      makeFacts({ cluster: { DomainMemberships: [{ Domain: "d-1", IAMRoleName: "join" }] } }),
      "the copy needs the role join",
    ],
  ])("is refused when it %s", (_, facts, reason) => {
    expect(findingsOf(facts).refusals.join()).toContain(reason);
  });

  it("joins a directory by a role that is named, and has as many tags as fit", () => {
    const cluster = { DomainMemberships: [{ Domain: "d-1", IAMRoleName: "watch" }] };

    expect(
      findingsOf(makeFacts({ cluster, members: [member({ TagList: [...tags(45), ...OWN] })] })).refusals,
    ).toEqual([]);
  });

  it("is not refused for its readers: a broken one is told, and that the copy gets none like it", () => {
    const restarting = reader({ DBInstanceStatus: "rebooting" });
    const broken = member({ DBInstanceIdentifier: "shop-3", DBInstanceStatus: "failed" });

    const { refusals, warnings } = findingsOf(makeFacts({ members: [member(), restarting, broken] }));

    expect(refusals).toEqual([]);
    expect(warnings).toEqual([
      "Of its readers shop-2 is rebooting, shop-3 is failed (a copy gets none like it).",
    ]);
  });

  it.each([
    ["readerParameter", byParameter, { readerParameter: "/shop/reader-host" }],
    ["readerSecret", bySecret, { readerSecret: "shop/reader-host" }],
  ])("is told that who reads from its reader endpoint stays behind, without %s", (key, cutOver, readers) => {
    const members = [member(), reader()];
    const warned = (facts: Feasibility) => findingsOf(facts).warnings.join();

    expect(warned(makeFacts({ members, cutOver }))).toContain(`as ${key}`);
    expect(warned(makeFacts({ members, cutOver: { ...cutOver, ...readers } }))).not.toContain(
      "reader endpoint",
    );
    expect(warned(makeFacts({ cutOver }))).not.toContain("reader endpoint");
    expect(warned(makeFacts({ members, cutOver, way: "backtrack" }))).not.toContain("reader endpoint");
  });
});
