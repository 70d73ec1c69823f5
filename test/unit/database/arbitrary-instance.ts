import type { DBInstance } from "@aws-sdk/client-rds";
import fc from "fast-check";

const ENGINES = ["postgres", "mysql", "mariadb", "oracle-ee", "sqlserver-se", "db2-se"] as const;

/** Any single instance that can be: engines, storage on both sides of every threshold, settings unlike the defaults. */
export const anInstance: fc.Arbitrary<DBInstance> = fc
  .record({
    Engine: fc.constantFrom(...ENGINES),
    StorageType: fc.constantFrom("gp2", "gp3", "io1", "io2", "standard"),
    AllocatedStorage: fc.constantFrom(20, 199, 200, 399, 400, 1_000),
    limit: fc.constantFrom(undefined, 0, 500),
    speed: fc.integer({ min: 0, max: 4 }),
    monitored: fc.boolean(),
    insights: fc.constantFrom("off", "week", "advanced"),
    logs: fc.subarray(["audit", "error", "slowquery"]),
    tags: fc.subarray([
      { Key: "env", Value: "prod" },
      { Key: "aws:cloudformation:stack-name", Value: "shop" },
      { Key: "stepback:state", Value: "live" },
      { Key: "empty" },
    ]),
    MultiAZ: fc.boolean(),
    flags: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
    port: fc.integer({ min: 1_150, max: 65_535 }),
    BackupRetentionPeriod: fc.integer({ min: 0, max: 35 }),
    domain: fc.boolean(),
    cores: fc.boolean(),
  })
  .map(({ limit, speed, monitored, insights, logs, tags, flags, port, domain, cores, ...plain }) => {
    const [isPublic = false, protectedFromDeletion = false, minor = false, copyTags = false, iam = false] =
      flags;
    return {
      ...plain,
      ...performanceOf(plain, speed),
      DBInstanceIdentifier: "prod",
      DbiResourceId: "db-PROD",
      EngineVersion: "16.4",
      DBInstanceClass: "db.m6g.large",
      Endpoint: { Address: "prod.c1.eu-west-1.rds.amazonaws.com", Port: port },
      DBSubnetGroup: { DBSubnetGroupName: "prod-subnets" },
      VpcSecurityGroups: [{ VpcSecurityGroupId: "sg-b" }, { VpcSecurityGroupId: "sg-a" }],
      DBParameterGroups: [{ DBParameterGroupName: "prod-parameters" }],
      OptionGroupMemberships: [{ OptionGroupName: "prod-options" }],
      AvailabilityZone: "eu-west-1a",
      PreferredBackupWindow: "01:00-01:30",
      PreferredMaintenanceWindow: "sun:03:10-sun:03:40",
      CACertificateIdentifier: "rds-ca-rsa4096-g1",
      EngineLifecycleSupport: "open-source-rds-extended-support-disabled",
      LicenseModel: "its-license",
      PubliclyAccessible: isPublic,
      DeletionProtection: protectedFromDeletion,
      AutoMinorVersionUpgrade: minor,
      CopyTagsToSnapshot: copyTags,
      IAMDatabaseAuthenticationEnabled: iam && /^(postgres|mysql|mariadb)$/.test(plain.Engine),
      MaxAllocatedStorage: limit === undefined ? undefined : plain.AllocatedStorage + limit,
      ...(monitored ? { MonitoringInterval: 60, MonitoringRoleArn: "arn:aws:iam::1:role/watch" } : {}),
      ...insightsOf(insights),
      EnabledCloudwatchLogsExports: logs,
      TagList: tags,
      ProcessorFeatures: cores ? [{ Name: "coreCount", Value: "4" }] : [],
      DomainMemberships: domain ? [{ Domain: "d-1234567890", IAMRoleName: "join", Status: "joined" }] : [],
    } satisfies DBInstance;
  });

/** What Describe says of the volume's speed: of a small gp3 too, which must not be repeated to RDS. */
function performanceOf(
  {
    StorageType,
    AllocatedStorage,
    Engine,
  }: { StorageType: string; AllocatedStorage: number; Engine: string },
  speed: number,
): Pick<DBInstance, "Iops" | "StorageThroughput"> {
  if (StorageType === "io1" || StorageType === "io2") return { Iops: 1_000 + 1_000 * speed };
  if (StorageType !== "gp3") return {};
  if (Engine.startsWith("sqlserver"))
    return { Iops: 3_000 + 500 * speed, StorageThroughput: 125 + 25 * speed };
  const threshold = Engine.startsWith("oracle") ? 200 : 400;
  if (AllocatedStorage < threshold) return { Iops: 3_000, StorageThroughput: 125 };
  return { Iops: 12_000 + 1_000 * speed, StorageThroughput: 500 + 100 * speed };
}

function insightsOf(insights: "off" | "week" | "advanced"): Partial<DBInstance> {
  if (insights === "off") return { PerformanceInsightsEnabled: false };
  return {
    PerformanceInsightsEnabled: true,
    PerformanceInsightsKMSKeyId: "arn:aws:kms:eu-west-1:1:key/insights",
    PerformanceInsightsRetentionPeriod: insights === "advanced" ? 465 : 7,
    DatabaseInsightsMode: insights === "advanced" ? "advanced" : "standard",
  };
}
