import { describe, expect, it } from "vitest";
import { makeStrategyStage } from "./make-strategy-stage.ts";

function makeProxied({ membersNameTheirCluster }: { readonly membersNameTheirCluster: boolean }) {
  const made = makeStrategyStage("proxy", { shape: "cluster" });
  made.stage.databases.drill.proxyMembersNameTheirCluster = membersNameTheirCluster;
  return made;
}

describe("an Aurora cluster behind a proxy", () => {
  it.each([true, false])(
    "is exchanged with all its members, and back again, when they name their cluster or not (%s)",
    async (membersNameTheirCluster) => {
      const { stage, prod, move, path } = makeProxied({ membersNameTheirCluster });

      expect(await stage.run(move, ["prepare", "cutOver", "confirm"])).toMatchObject({
        status: "done",
        verb: "confirm",
      });
      expect(stage.databases.contentAt(path())?.rows["orders"]).toBe(1_000);
      expect(stage.databases.connectable(path())).toBe(true);

      expect(await stage.run(move, ["revert"])).toMatchObject({ status: "done" });
      expect(stage.databases.instance(path())?.resourceId).toBe(prod.resourceId);
      expect(stage.databases.contentAt(path())?.rows["orders"]).toBe(1_005);
      expect(stage.calls("RegisterDBProxyTargets").map((input) => input["DBClusterIdentifiers"])).toEqual([
        [move.details["stagingIdentifier"]],
        ["prod"],
      ]);
    },
  );
});
