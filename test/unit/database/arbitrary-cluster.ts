import fc from "fast-check";
import type { ClusterSpec } from "../../../lib/region/services/rds/cluster-settings.ts";
import type { InstanceSettings } from "../../../lib/region/services/rds/instance-settings.ts";

const TAGS = [
  { Key: "env", Value: "prod" },
  { Key: "aws:cloudformation:stack-name", Value: "shop" },
  { Key: "stepback:state", Value: "live" },
  { Key: "empty" },
];
const KEY = "arn:aws:kms:eu-west-1:123456789012:key/insights";
const ROLE = (name: string) => `arn:aws:iam::123456789012:role/${name}`;

const aWindow = fc.constantFrom("sun:03:10-sun:03:40", "wed:23:00-wed:23:30");
const insights = fc.constantFrom("off", "week", "long");

function insightsOf(chosen: "off" | "week" | "long") {
  if (chosen === "off") return { PerformanceInsightsEnabled: false };
  const PerformanceInsightsRetentionPeriod = chosen === "long" ? 465 : 7;
  return {
    PerformanceInsightsEnabled: true,
    PerformanceInsightsKMSKeyId: KEY,
    PerformanceInsightsRetentionPeriod,
  };
}

/** A member with settings of its own; `db.serverless` only where the cluster can scale. */
const aMember = fc
  .record({
    DBInstanceClass: fc.constantFrom("db.r6g.large", "db.r6g.4xlarge", "db.serverless"),
    PromotionTier: fc.integer({ min: 0, max: 15 }),
    PubliclyAccessible: fc.boolean(),
    AutoMinorVersionUpgrade: fc.boolean(),
    DBParameterGroupName: fc.constantFrom("shop-members", "shop-readers"),
    CACertificateIdentifier: fc.constantFrom("rds-ca-rsa2048-g1", "rds-ca-ecc384-g1"),
    PreferredMaintenanceWindow: aWindow,
    monitored: fc.boolean(),
    insights,
  })
  .map(({ monitored, insights: chosen, ...settings }) => ({
    ...settings,
    ...insightsOf(chosen),
    ...(monitored ? { MonitoringInterval: 30, MonitoringRoleArn: ROLE("watch") } : {}),
  }));

/** Any Aurora cluster that can be, with one to four members: settings unlike a restore's defaults. */
export const aCluster: fc.Arbitrary<ClusterSpec> = fc
  .record({
    mysql: fc.boolean(),
    Port: fc.integer({ min: 1_150, max: 65_535 }),
    StorageType: fc.constantFrom("aurora", "aurora-iopt1"),
    NetworkType: fc.constantFrom("IPV4", "DUAL"),
    BackupRetentionPeriod: fc.integer({ min: 1, max: 35 }),
    PreferredBackupWindow: fc.constantFrom("01:00-01:30", "14:15-15:00"),
    PreferredMaintenanceWindow: aWindow,
    EngineLifecycleSupport: fc.constantFrom(
      "open-source-rds-extended-support",
      "open-source-rds-extended-support-disabled",
    ),
    LocalWriteForwardingStatus: fc.constantFrom("enabled", "disabled"),
    flags: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
    window: fc.constantFrom(0, 3_600, 259_200),
    logs: fc.subarray(["audit", "error"]),
    insights,
    advanced: fc.boolean(),
    roles: fc.subarray(["s3Import", "s3Export", "Lambda"]),
    groups: fc.subarray(["sg-a", "sg-b"], { minLength: 1 }),
    tags: fc.subarray(TAGS),
    members: fc.array(aMember, { minLength: 1, maxLength: 4 }),
  })
  .map(({ mysql, flags, window, logs, insights: chosen, advanced, roles, groups, members, ...plain }) => {
    const [copyTags = false, isProtected = false, iam = false, http = false, scales = false] = flags;
    const own = insightsOf(chosen);
    return {
      ...plain,
      ...own,
      DatabaseInsightsMode: advanced && chosen === "long" ? "advanced" : "standard",
      DBClusterIdentifier: "shop",
      Engine: mysql ? "aurora-mysql" : "aurora-postgresql",
      EngineVersion: mysql ? "8.0.mysql_aurora.3.08.0" : "16.4",
      DBClusterParameterGroup: "shop-parameters",
      DBSubnetGroup: "shop-subnets",
      VpcSecurityGroupIds: groups,
      BacktrackWindow: mysql ? window : 0,
      CopyTagsToSnapshot: copyTags,
      DeletionProtection: isProtected,
      IAMDatabaseAuthenticationEnabled: iam,
      HttpEndpointEnabled: http,
      EnabledCloudwatchLogsExports: logs,
      AssociatedRoles: roles.map((FeatureName) => ({ RoleArn: ROLE(FeatureName), FeatureName })),
      ...(scales ? { ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 8 } } : {}),
      members: members.map((member, index) => ({
        ...fitting(member, scales),
        DBInstanceIdentifier: `shop-${index + 1}`,
      })),
    } satisfies ClusterSpec;
  });

function fitting(member: Partial<InstanceSettings>, scales: boolean): Partial<InstanceSettings> {
  return member.DBInstanceClass === "db.serverless" && !scales
    ? { ...member, DBInstanceClass: "db.r6g.large" }
    : member;
}
