import type { DatabaseCutOver } from "../../../contracts/kinds/database.ts";
import type { Sight } from "../sight.ts";

/**
 * What no restore carries over and Stepback does not set, a sentence each, for the receipt: docs/facts/database.md §0,
 * §2, §5.
 */
export function notCarried(source: Sight, cutOver: DatabaseCutOver): readonly string[] {
  const resource = source.shape === "cluster" ? source.cluster : source.instance;
  const renamed = cutOver.strategy === "rename";
  return [
    "The history of its automated backups begins anew; the old database keeps its own.",
    ...(renamed
      ? [
          "CloudWatch alarms, event subscriptions and policies by name or ARN follow the name, to the new database.",
        ]
      : [
          "CloudWatch alarms, event subscriptions, policies and stacks by name or ARN stay with the old database.",
        ]),
    ...(resource.IAMDatabaseAuthenticationEnabled
      ? ["IAM authentication policies name the old resource id; allow rds-db:connect for the new one's."]
      : []),
    ...(resource.MasterUserSecret
      ? [
          "The master password stays that of the moment: the managed secret belongs to the old database. Let RDS manage the new one's, and point clients to it.",
        ]
      : []),
    ...(source.shape === "instance" && source.instance.DBCapacityReservationIdentifier
      ? ["Its capacity reservation stays with the old database."]
      : []),
    ...(resource.PerformanceInsightsEnabled
      ? ["The history of Performance Insights stays with the old database."]
      : []),
    ...(source.shape === "instance" && source.instance.MultiAZ
      ? ["The copy is in one availability zone until shortly before the cut-over."]
      : []),
    ...(source.shape === "cluster" && (source.cluster.CustomEndpoints ?? []).length > 0
      ? ["Custom endpoints stay with the old cluster; make them again."]
      : []),
    ...(source.shape === "cluster" ? ["Its members get names of their own."] : []),
  ];
}
