import { ECSClient } from "@aws-sdk/client-ecs";
import { KMSClient } from "@aws-sdk/client-kms";
import { RDSClient } from "@aws-sdk/client-rds";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { databaseObserver } from "../../../lambdas/components/database/observe.ts";
import { DatabaseComponent } from "../../../lambdas/contracts/kinds/database.ts";
import type { Move } from "../../../lambdas/contracts/plan.ts";
import type { TargetChoice } from "../../../lambdas/contracts/request.ts";
import { PROD, QUARANTINE } from "./make-move.ts";
import { MoveStage } from "./make-move-stage.ts";

const ALL = ["prepare", "cutOver", "confirm"] as const;

/** `prod` with the planner's eyes on it, under a strategy. */
function makePlanned(cutOver: (typeof DatabaseComponent._input)["cutOver"]) {
  const stage = new MoveStage();
  const prod = stage.databases.install(PROD);
  const versions = [{ value: prod.host ?? "", modifiedAt: stage.kernel.now - 1 }];
  stage.ssm.install({ name: "/shop/db-host", type: "String", versions });
  const configuration = DatabaseComponent.parse({
    kind: "database",
    instance: "prod",
    writers: [],
    quarantineSecurityGroup: QUARANTINE,
    passRoles: [PROD.MonitoringRoleArn ?? ""],
    cutOver,
  });
  const settings = stage.clientSettings();
  const observer = databaseObserver({
    rds: new RDSClient(settings),
    kms: new KMSClient(settings),
    ssm: new SSMClient(settings),
    secrets: new SecretsManagerClient(settings),
    ecs: new ECSClient(settings),
    clock: stage.clock,
  });
  const plan = async (rollbackId: string, target: TargetChoice): Promise<Move> => {
    const wish = {
      component: "db",
      part: "go-back",
      target,
      rollbackId,
      authorization: "emergency",
      checkpoints: [],
      past: [],
      neighbours: {},
      approvalSeconds: 3_600,
    } as const;
    const looked = stage.kernel.activity("plan", () => observer.assess(configuration, wish));
    const { move, verdict } = await stage.kernel.complete(looked);
    if (!move) throw new Error(`${verdict.verdict}: ${verdict.reason}`);
    return move;
  };
  return { stage, prod, plan };
}

describe("what the planner proposes for a database", () => {
  it.each([
    { strategy: "rename" } as const,
    { strategy: "endpoint-parameter", parameter: "/shop/db-host" } as const,
  ])(
    "is carried out by $strategy, undone by another rollback, and can be asked for once more",
    async (cutOver) => {
      const { stage, prod, plan } = makePlanned(cutOver);
      const moment = new Date(stage.kernel.now - 3_600_000).toISOString();
      const serving = () =>
        stage.databases.instance(
          cutOver.strategy === "rename" ? "prod" : (stage.ssm.read("/shop/db-host")?.value ?? ""),
        );
      stage.databases.write("prod", "orders", 5, "too late");
      await stage.forSeconds(600);

      const there = await plan("rb-1", { at: moment });
      expect(await stage.run(there, ALL, { rollbackId: "rb-1" })).toMatchObject({ status: "done" });
      await stage.forSeconds(900);
      const copy = serving();
      expect(stage.databases.contentAt(copy?.resourceId ?? "")?.rows).toEqual({ orders: 1_000 });

      stage.entries.clear();
      const back = await plan("rb-2", { components: { db: prod.resourceId } });
      expect(await stage.run(back, ALL, { rollbackId: "rb-2" })).toMatchObject({ status: "done" });
      await stage.forSeconds(900);
      expect(serving()?.resourceId).toBe(prod.resourceId);

      stage.entries.clear();
      const again = await plan("rb-3", { at: moment });
      expect(await stage.run(again, ALL, { rollbackId: "rb-3" })).toMatchObject({ status: "done" });
      expect(stage.databases.contentAt(serving()?.resourceId ?? "")?.rows).toEqual({ orders: 1_000 });
      expect(serving()?.resourceId).not.toBe(copy?.resourceId);
      expect(stage.calls("DeleteDBInstance")).toHaveLength(0);
    },
  );
});
