import type { ClusterSpec } from "../../../lib/region/services/rds/cluster-settings.ts";

/** An Aurora PostgreSQL cluster `prod` with a thousand orders; its members are up to the test. */
export function makeClusterSpec(more: Partial<ClusterSpec> & Pick<ClusterSpec, "members">): ClusterSpec {
  return {
    DBClusterIdentifier: "prod",
    Engine: "aurora-postgresql",
    EngineVersion: "16.4",
    DBSubnetGroup: "prod-subnets",
    VpcSecurityGroupIds: ["sg-0000000000000000a"],
    rows: { orders: 1_000 },
    ...more,
  };
}
