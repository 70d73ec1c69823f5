import type { DBProxyTarget } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { registeredIn } from "../../../lambdas/components/database/registered-targets.ts";

const CLUSTER: DBProxyTarget = { Type: "TRACKED_CLUSTER", RdsResourceId: "shop", Port: 0 };
const member = (RdsResourceId: string, more: DBProxyTarget = {}): DBProxyTarget => ({
  Type: "RDS_INSTANCE",
  RdsResourceId,
  ...more,
});

describe("what is registered with a proxy", () => {
  it.each<[string, DBProxyTarget[], string[]]>([
    ["an instance", [member("prod")], ["prod"]],
    ["a cluster whose members do not name it", [member("shop-1"), CLUSTER, member("shop-2")], ["shop"]],
    ["a cluster whose members name it", [CLUSTER, member("shop-1", { TrackedClusterId: "shop" })], ["shop"]],
    ["a cluster by its members alone", [member("shop-1", { TrackedClusterId: "shop" })], ["shop"]],
    ["a cluster that has no members yet", [CLUSTER], ["shop"]],
    ["nothing", [], []],
  ])("is %s, as AWS's examples show it", (_, targets, registered) => {
    expect([...registeredIn(targets)]).toEqual(registered);
  });
});
