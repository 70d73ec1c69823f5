import { type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { KeptAddressOf } from "../../../lambdas/contracts/kept.ts";
import type { DatabaseComponent } from "../../../lambdas/contracts/kinds/database.ts";
import { arnIn } from "../step-function.ts";
import { grantObserveDatabase, grantReadCutOver } from "./database.ts";

/** What the daily look has to know of a database. */
export function keptDatabaseAddress({
  kind,
  instance,
  cluster,
  cutOver,
}: DatabaseComponent): KeptAddressOf<"database"> {
  return { kind, cutOver, ...(instance && { instance }), ...(cluster && { cluster }) };
}

/** What finding old databases and safety snapshots takes, and whether users are on one of them. Only reads. */
export function grantRememberDatabase(
  scope: Construct,
  grantee: IGrantable,
  component: DatabaseComponent,
): void {
  // Old ones have other names than the configured one: by tags among all of their kind.
  grantObserveDatabase(scope, grantee, component);
  // Snapshots outlive their database, whose resource id is then known nowhere: RDS authorises a list on all of its kind.
  const [action, kind] =
    component.cluster === undefined
      ? ["rds:DescribeDBSnapshots", "snapshot"]
      : ["rds:DescribeDBClusterSnapshots", "cluster-snapshot"];
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: [action], resources: [arnIn(scope, "rds", `${kind}:*`)] }),
  );
  // What users are led by: somebody who went back by hand changed that, and no tag.
  grantReadCutOver(scope, grantee, component);
}
