import { type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { Component } from "../../../lambdas/contracts/environment.ts";
import type { TaskComponent } from "../../../lambdas/contracts/kinds/task.ts";
import { arnIn } from "../step-function.ts";

/** What planning a task takes: whether it could be run, and which revision its service runs. */
export function grantAssessTask(
  scope: Construct,
  grantee: IGrantable,
  { cluster, services }: TaskComponent,
  neighbours: Readonly<Record<string, Component>>,
): void {
  allow(grantee, { actions: ["ecs:DescribeClusters"], resources: [clusterArn(scope, cluster)] });
  // No resource-level permissions exist for reading task definitions (docs/facts/ecs.md §7).
  allow(grantee, { actions: ["ecs:DescribeTaskDefinition"], resources: ["*"] });
  const first = neighbours[services[0] ?? ""];
  if (first?.kind !== "ecs-service") return;
  const service = arnIn(scope, "ecs", `service/${first.cluster}/${first.service}`);
  allow(grantee, { actions: ["ecs:DescribeServices"], resources: [service] });
}

/**
 * What running a task takes, for the mover of whichever kind runs it: tasks themselves, integrity checks of databases,
 * flushes of caches. Actions, resources and conditions: docs/facts/ecs.md §7.
 */
export function grantRunTask(scope: Construct, grantee: IGrantable, component: TaskComponent): void {
  const cluster = clusterArn(scope, component.cluster);
  // Any revision of this one family, in its own cluster.
  allow(grantee, {
    actions: ["ecs:RunTask"],
    resources: [arnIn(scope, "ecs", `task-definition/${familyOf(component)}:*`)],
    conditions: { ArnEquals: { "ecs:cluster": cluster } },
  });
  // Only the roles that the task's own containers use.
  if (component.taskRoles.length > 0) {
    allow(grantee, {
      actions: ["iam:PassRole"],
      resources: component.taskRoles,
      conditions: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    });
  }
  allow(grantee, {
    actions: ["ecs:DescribeTasks"],
    resources: [arnIn(scope, "ecs", `task/${lastPart(component.cluster)}/*`)],
  });
  // ListTasks is authorised on container instances, `*` for Fargate; the condition pins the cluster.
  allow(grantee, {
    actions: ["ecs:ListTasks"],
    resources: ["*"],
    conditions: { ArnEquals: { "ecs:cluster": cluster } },
  });
  grantReadLog(scope, grantee, component);
}

/** What moving a task takes, for its mover alone. */
export function grantMoveTask(scope: Construct, grantee: IGrantable, component: TaskComponent): void {
  grantRunTask(scope, grantee, component);
}

/** The last lines of a task that failed: the streams of its own containers, nothing else of the group. */
function grantReadLog(scope: Construct, grantee: IGrantable, component: TaskComponent): void {
  const { logGroup, logStreamPrefix, container, undo } = component;
  if (logGroup === undefined || logStreamPrefix === undefined) return;
  const containers = [...new Set([container, ...(undo ? [undo.container] : [])])];
  const streams = containers.map((name) => `log-group:${logGroup}:log-stream:${logStreamPrefix}/${name}/*`);
  allow(grantee, {
    actions: ["logs:GetLogEvents"],
    resources: streams.map((stream) => arnIn(scope, "logs", stream)),
  });
}

function familyOf({ taskDefinition }: TaskComponent): string {
  return lastPart(taskDefinition).replace(/:\d+$/, "");
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf("/") + 1);

const clusterArn = (scope: Construct, cluster: string) => arnIn(scope, "ecs", `cluster/${lastPart(cluster)}`);

function allow(grantee: IGrantable, statement: ConstructorParameters<typeof PolicyStatement>[0]): void {
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement(statement));
}
