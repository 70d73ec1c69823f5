import { type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { Environment } from "../../../lambdas/contracts/environment.ts";
import type { DatabaseComponent } from "../../../lambdas/contracts/kinds/database.ts";
import { arnIn } from "../step-function.ts";
import { grantAssessTask } from "./task.ts";

/**
 * What saying which database holds the data takes. The one that serves may have another name than the configured one, and
 * is found by its tags or its resource id: RDS authorises a list, filtered or not, on all of its kind.
 * Actions and resources: docs/facts/database.md §10 (Service Authorization Reference).
 */
export function grantObserveDatabase(
  scope: Construct,
  grantee: IGrantable,
  { cluster }: DatabaseComponent,
): void {
  // A cluster's members are instances too, listed by their cluster.
  allow(grantee, ["rds:DescribeDBInstances"], [arnIn(scope, "rds", "db:*")]);
  if (cluster !== undefined) allow(grantee, ["rds:DescribeDBClusters"], [arnIn(scope, "rds", "cluster:*")]);
}

/** What planning takes beyond that: what can be restored, and what would keep it from working. Only reads. */
export function grantAssessDatabase(
  scope: Construct,
  grantee: IGrantable,
  component: DatabaseComponent,
  neighbours: Environment["components"] = {},
): void {
  grantObserveDatabase(scope, grantee, component);
  const on = (...kinds: string[]) => kinds.map((kind) => arnIn(scope, "rds", `${kind}:*`));
  if (component.cluster !== undefined) {
    allow(grantee, ["rds:DescribeDBClusterSnapshots"], on("cluster", "cluster-snapshot"));
    // Where a backtrack came from: its undo goes there.
    allow(grantee, ["rds:DescribeDBClusterBacktracks"], on("cluster"));
    allow(grantee, ["rds:DescribePendingMaintenanceActions"], on("cluster"));
  } else {
    allow(grantee, ["rds:DescribeDBInstanceAutomatedBackups"], on("db", "auto-backup"));
    allow(grantee, ["rds:DescribeDBSnapshots"], on("db", "snapshot"));
    allow(grantee, ["rds:DescribeDBParameterGroups"], on("pg"));
    allow(grantee, ["rds:DescribePendingMaintenanceActions"], on("db"));
  }
  // Quotas have no resource; blue/green deployments are looked for by what they are made of, so all are read.
  allow(grantee, ["rds:DescribeAccountAttributes", "rds:DescribeBlueGreenDeployments"], ["*"]);
  if (component.kmsKeys.length > 0) allow(grantee, ["kms:DescribeKey"], component.kmsKeys);
  for (const check of component.checks) {
    const task = neighbours[check.task];
    if (task?.kind === "task") grantAssessTask(scope, grantee, task, neighbours);
  }
  grantReadCutOver(scope, grantee, component);
}

/** What users are led by: it must lead to the database that serves. Of a secret only what it is, never its value. */
export function grantReadCutOver(
  scope: Construct,
  grantee: IGrantable,
  { cutOver }: Pick<DatabaseComponent, "cutOver">,
): void {
  switch (cutOver.strategy) {
    case "proxy":
      // Authorised on the target group, whose id is in no configuration.
      allow(grantee, ["rds:DescribeDBProxyTargets"], [arnIn(scope, "rds", "target-group:*")]);
      return;
    case "endpoint-parameter":
      allow(grantee, ["ssm:GetParameter"], parameterArns(scope, cutOver));
      return;
    case "endpoint-secret":
      allow(grantee, ["secretsmanager:DescribeSecret"], secretArns(scope, cutOver));
      return;
    case "rename":
      return;
  }
}

type By<Strategy extends DatabaseComponent["cutOver"]["strategy"]> = Extract<
  DatabaseComponent["cutOver"],
  { readonly strategy: Strategy }
>;

/** The parameter with the host name, and that with the reader endpoint's. */
export function parameterArns(scope: Construct, cutOver: By<"endpoint-parameter">): string[] {
  return [cutOver.parameter, cutOver.readerParameter].flatMap((name) =>
    name === undefined ? [] : parameterArn(scope, name),
  );
}

export function secretArns(scope: Construct, cutOver: By<"endpoint-secret">): string[] {
  return [cutOver.secret, cutOver.readerSecret].flatMap((secret) =>
    secret === undefined ? [] : secretArn(scope, secret),
  );
}

function parameterArn(scope: Construct, name: string): string {
  return arnIn(scope, "ssm", `parameter/${name.replace(/^\//, "")}`);
}

/** A secret is configured by its ARN or by its name, to which Secrets Manager adds six characters. */
function secretArn(scope: Construct, secret: string): string {
  return secret.startsWith("arn:") ? secret : arnIn(scope, "secretsmanager", `secret:${secret}-??????`);
}

function allow(grantee: IGrantable, actions: string[], resources: readonly string[]): void {
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [...resources] }));
}
