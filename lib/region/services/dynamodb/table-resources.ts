import { z } from "zod";
import type { CreatedResource, ServiceModel } from "../../service-model.ts";
import type { Tables } from "./tables.ts";

/**
 * `AWS::DynamoDB::GlobalTable` (what CDK's TableV2 becomes) and `AWS::DynamoDB::Table`: tables without
 * indexes, streams or provisioned capacity, in this region only.
 *
 * Point-in-time recovery, tags and table class change nothing that this model can be asked about.
 */
export function addTableResources(service: ServiceModel, tables: Tables): ServiceModel {
  return service
    .provides("AWS::DynamoDB::GlobalTable", {
      accepts: [
        ...COMMON,
        "Replicas.Region",
        "Replicas.DeletionProtectionEnabled",
        "Replicas.PointInTimeRecoverySpecification",
        "Replicas.TableClass",
        "Replicas.Tags",
      ],
      namedBy: "TableName",
      create: (_logicalId, properties) => {
        const { Replicas: replicas, ...settings } = GlobalTableProperties.parse(properties);
        const [replica, ...others] = replicas;
        const { region } = tables.context;
        if (replica === undefined || others.length > 0 || replica.Region !== region) {
          throw new Error(
            `AWS::DynamoDB::GlobalTable ${settings.TableName}: exactly one replica, in ${region}, is modelled; ` +
              `found ${replicas.map((one) => one.Region).join(", ") || "none"}`,
          );
        }
        return createTable(tables, settings, replica.DeletionProtectionEnabled ?? false);
      },
    })
    .provides("AWS::DynamoDB::Table", {
      accepts: [
        ...COMMON,
        "DeletionProtectionEnabled",
        "PointInTimeRecoverySpecification",
        "TableClass",
        "Tags",
      ],
      namedBy: "TableName",
      create: (_logicalId, properties) => {
        const settings = TableProperties.parse(properties);
        return createTable(tables, settings, settings.DeletionProtectionEnabled ?? false);
      },
    });
}

const COMMON = [
  "TableName",
  "AttributeDefinitions",
  "KeySchema",
  "BillingMode",
  "SSESpecification",
  "TimeToLiveSpecification",
];

const CommonProperties = z.object({
  TableName: z.string(),
  AttributeDefinitions: z.array(
    z.object({ AttributeName: z.string(), AttributeType: z.enum(["S", "N", "B"]) }),
  ),
  KeySchema: z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(["HASH", "RANGE"]) })),
  BillingMode: z.literal("PAY_PER_REQUEST"),
  SSESpecification: z.object({ SSEEnabled: z.boolean().optional() }).optional(),
  TimeToLiveSpecification: z
    .object({ AttributeName: z.string().optional(), Enabled: z.boolean() })
    .optional(),
});

const TableProperties = CommonProperties.extend({ DeletionProtectionEnabled: z.boolean().optional() });

const GlobalTableProperties = CommonProperties.extend({
  Replicas: z.array(z.object({ Region: z.string(), DeletionProtectionEnabled: z.boolean().optional() })),
});

/** CloudFormation reports a table created once it is ACTIVE, so it is from the start. */
function createTable(
  tables: Tables,
  settings: z.infer<typeof CommonProperties>,
  deletionProtection: boolean,
): CreatedResource {
  const table = tables.create(
    {
      name: settings.TableName,
      attributeDefinitions: settings.AttributeDefinitions,
      keySchema: settings.KeySchema,
      billingMode: settings.BillingMode,
      deletionProtection,
      kmsEncrypted: settings.SSESpecification?.SSEEnabled ?? false,
    },
    0,
  );
  const timeToLive = settings.TimeToLiveSpecification;
  if (timeToLive?.Enabled)
    table.timeToLive.update({ AttributeName: timeToLive.AttributeName, Enabled: true });
  return { ref: table.name, attributes: { Arn: table.arn, TableId: table.id } };
}
