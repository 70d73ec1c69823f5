import type { DatabaseCutOver } from "../../../lambdas/contracts/kinds/database.ts";
import type { ClusterSpec } from "../../../lib/region/services/rds/cluster-settings.ts";
import { makeMove, PROD } from "./make-move.ts";
import { MoveStage } from "./make-move-stage.ts";

const STRATEGIES = {
  rename: { strategy: "rename" },
  proxy: { strategy: "proxy", proxy: "front", targetGroup: "default" },
  parameter: { strategy: "endpoint-parameter", parameter: "/shop/db-host" },
  secret: { strategy: "endpoint-secret", secret: "shop/db-host" },
} as const satisfies Readonly<Record<string, DatabaseCutOver>>;

export type StrategyName = keyof typeof STRATEGIES;

const CLUSTER: ClusterSpec = {
  DBClusterIdentifier: "prod",
  Engine: "aurora-postgresql",
  EngineVersion: "16.4",
  DBSubnetGroup: "prod-subnets",
  VpcSecurityGroupIds: ["sg-0000000000000000a"],
  members: [{ DBInstanceIdentifier: "prod-1" }, { DBInstanceIdentifier: "prod-2", PromotionTier: 15 }],
  passwordLabel: "v1",
  rows: { orders: 1_000 },
};

/** A database with 1000 orders at the moment to go back to and 1005 now, reached by any of the strategies. */
export function makeStrategyStage(
  name: StrategyName,
  {
    seed = 1,
    shape = "instance",
    ...details
  }: { readonly seed?: number } & Partial<
    Pick<Parameters<typeof makeMove>[1], "shape" | "checks" | "acceptedLossSeconds" | "serveDuringBackups">
  > = {},
) {
  const stage = new MoveStage({ seed });
  const prod = shape === "cluster" ? stage.databases.installCluster(CLUSTER) : stage.databases.install(PROD);
  const cutOver = STRATEGIES[name];
  const { host } = stage.databases.installProxy({
    name: "front",
    engineFamily: "POSTGRESQL",
    target: shape === "cluster" ? { cluster: "prod" } : { instance: "prod" },
    secretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:front-abcdef",
    passwordLabel: () => "v1",
  });
  const value = prod.host ?? "";
  const modifiedAt = stage.kernel.now - 1_000;
  stage.ssm.install({ name: "/shop/db-host", type: "String", versions: [{ value, modifiedAt }] });
  stage.secrets.install({ name: "shop/db-host", versions: [{ createdAt: modifiedAt, value }] });
  stage.databases.write("prod", "orders", 5, "too late");
  /** What the application connects to, by what it was configured with. */
  const path = () => {
    switch (name) {
      case "proxy":
        return host;
      case "parameter":
        return stage.ssm.read("/shop/db-host")?.value ?? "";
      case "secret":
        return String(stage.secrets.current("shop/db-host")?.value);
      case "rename":
        return "prod";
    }
  };
  const engine = shape === "cluster" ? "aurora-postgresql" : "postgres";
  return { stage, prod, move: makeMove(prod, { cutOver, shape, engine, ...details }), path };
}
