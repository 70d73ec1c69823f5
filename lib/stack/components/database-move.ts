import { Stack } from "aws-cdk-lib";
import { type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { Environment } from "../../../lambdas/contracts/environment.ts";
import type { DatabaseComponent } from "../../../lambdas/contracts/kinds/database.ts";
import type { TaskComponent } from "../../../lambdas/contracts/kinds/task.ts";
import { arnIn } from "../step-function.ts";
import { grantMoveCluster } from "./database-move-cluster.ts";
import { grantMoveInstance } from "./database-move-instance.ts";
import type { Allow } from "./database-move-limits.ts";
import { grantSwitchDatabase } from "./database-move-switch.ts";

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
    if (task?.kind === "task") grantTaskCheck(scope, allow, task);
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

/** One run of this very task on its cluster, with its own roles, and how it ended (docs/facts/database.md §9). */
function grantTaskCheck(scope: Construct, allow: Allow, task: TaskComponent): void {
  const cluster = arnIn(scope, "ecs", `cluster/${task.cluster}`);
  const [family = ""] = task.taskDefinition.split("/").at(-1)?.split(":") ?? [];
  const onCluster = { ArnEquals: { "ecs:cluster": cluster } };
  allow({
    actions: ["ecs:RunTask"],
    resources: [arnIn(scope, "ecs", `task-definition/${family}:*`)],
    conditions: onCluster,
  });
  // Finding a task whose start was not heard of; ListTasks is authorised on container instances, `*` for Fargate.
  allow({ actions: ["ecs:ListTasks"], resources: ["*"], conditions: onCluster });
  allow({ actions: ["ecs:DescribeTasks"], resources: [arnIn(scope, "ecs", `task/${task.cluster}/*`)] });
  if (task.taskRoles.length > 0) {
    allow({
      actions: ["iam:PassRole"],
      resources: task.taskRoles,
      conditions: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    });
  }
  if (task.logGroup !== undefined) {
    allow({
      actions: ["logs:GetLogEvents"],
      resources: [arnIn(scope, "logs", `log-group:${task.logGroup}:log-stream:*`)],
    });
  }
}
