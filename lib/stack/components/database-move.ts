import { Stack } from "aws-cdk-lib";
import { type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { Environment } from "../../../lambdas/contracts/environment.ts";
import type { DatabaseComponent } from "../../../lambdas/contracts/kinds/database.ts";
import { grantMoveCluster } from "./database-move-cluster.ts";
import { grantMoveInstance } from "./database-move-instance.ts";
import type { Allow } from "./database-move-limits.ts";
import { grantSwitchDatabase } from "./database-move-switch.ts";
import { grantRunTask } from "./task.ts";

/**
 * What moving a database takes, for its mover alone: the statements of its shape, of its strategy and of its checks, and
 * no others. Actions, resource types and condition keys: docs/facts/database.md §10 (Service Authorization Reference).
 */
export function grantMoveDatabase(
  scope: Construct,
  grantee: IGrantable,
  component: DatabaseComponent,
  neighbours: Environment["components"] = {},
): void {
  const allow: Allow = (statement) => {
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement(statement));
  };
  if (component.cluster === undefined) grantMoveInstance(scope, allow, component);
  else grantMoveCluster(scope, allow, component);
  grantSwitchDatabase(scope, allow, component);
  // Why a restore failed is in the events only; they have no resource-level permissions.
  allow({ actions: ["rds:DescribeEvents"], resources: ["*"] });
  grantRoles(allow, component);
  grantKeys(scope, allow, component);
  for (const { task: name } of component.checks) {
    const task = neighbours[name];
    if (task?.kind === "task") grantRunTask(scope, grantee, task);
  }
}

/** Enhanced Monitoring, features and directories: only the configured roles, only to RDS. */
function grantRoles(allow: Allow, { passRoles }: DatabaseComponent): void {
  if (passRoles.length === 0) return;
  allow({
    actions: ["iam:PassRole"],
    resources: passRoles,
    conditions: {
      StringEquals: { "iam:PassedToService": ["monitoring.rds.amazonaws.com", "rds.amazonaws.com"] },
    },
  });
}

/** A restore of an encrypted database needs a grant on its key, through RDS. */
function grantKeys(scope: Construct, allow: Allow, { kmsKeys }: DatabaseComponent): void {
  if (kmsKeys.length === 0) return;
  allow({
    actions: ["kms:DescribeKey", "kms:CreateGrant"],
    resources: kmsKeys,
    conditions: { StringEquals: { "kms:ViaService": `rds.${Stack.of(scope).region}.amazonaws.com` } },
  });
}
