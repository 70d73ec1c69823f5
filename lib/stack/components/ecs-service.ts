import { type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { EcsServiceComponent } from "../../../lambdas/contracts/environment.ts";
import { arnIn } from "../step-function.ts";

/**
 * What saying which version runs takes: for checkpoints, and as a part of planning and moving.
 * Actions and resources: docs/facts/ecs.md §7 (Service Authorization Reference).
 */
export function grantObserveEcsService(
  scope: Construct,
  grantee: IGrantable,
  component: EcsServiceComponent,
): void {
  const { service, revisions } = arnsOf(scope, component);
  allow(grantee, ["ecs:DescribeServices"], [service]);
  // The documentation's sample grants the parts of a service on the service's ARN too.
  allow(grantee, ["ecs:DescribeServiceRevisions"], [service, revisions]);
  // No resource-level permissions exist for reading task definitions.
  allow(grantee, ["ecs:DescribeTaskDefinition"], ["*"]);
}

/** What planning takes beyond that: the history, whether images are still there, whether deployment alarms would fight. */
export function grantAssessEcsService(
  scope: Construct,
  grantee: IGrantable,
  component: EcsServiceComponent,
): void {
  grantObserveEcsService(scope, grantee, component);
  const { service, deployments } = arnsOf(scope, component);
  allow(grantee, ["ecs:ListServiceDeployments"], [service]);
  allow(grantee, ["ecs:DescribeServiceDeployments"], [service, deployments]);
  // Any alarm of the account may be a deployment alarm, and composite alarms are only shown to whoever may read all
  // (docs/facts/frontend-secrets-config.md J).
  allow(grantee, ["cloudwatch:DescribeAlarms"], ["*"]);
  if (component.repositories.length > 0) {
    const repositories = component.repositories.map((name) => arnIn(scope, "ecr", `repository/${name}`));
    allow(grantee, ["ecr:DescribeImages"], repositories);
  }
}

function allow(grantee: IGrantable, actions: string[], resources: string[]): void {
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
}

/** What moving an ECS service takes, for its mover alone. */
export function grantMoveEcsService(
  scope: Construct,
  grantee: IGrantable,
  component: EcsServiceComponent,
): void {
  grantAssessEcsService(scope, grantee, component);
  const { service, deployments, family, tasks, cluster } = arnsOf(scope, component);
  const add = (statement: ConstructorParameters<typeof PolicyStatement>[0]) =>
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement(statement));
  // Start a deployment of a task definition of this family, nothing else.
  add({
    actions: ["ecs:UpdateService"],
    resources: [service],
    conditions: { ArnLikeIfExists: { "ecs:task-definition": family } },
  });
  // Make ECS roll a deployment in flight back.
  add({ actions: ["ecs:StopServiceDeployment"], resources: [service, deployments] });
  // Re-register a digest-pinned copy of a deregistered revision; tags name the rollback.
  add({ actions: ["ecs:RegisterTaskDefinition", "ecs:TagResource"], resources: [family] });
  // Find a copy that a crashed attempt registered. Listing task definitions has no resource-level permissions.
  add({ actions: ["ecs:ListTaskDefinitions"], resources: ["*"] });
  // Only the roles that the service's own tasks use.
  if (component.taskRoles.length > 0) {
    add({
      actions: ["iam:PassRole"],
      resources: component.taskRoles,
      conditions: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    });
  }
  // What really runs, and why tasks stopped.
  add({ actions: ["ecs:DescribeTasks"], resources: [tasks] });
  // ListTasks is authorised on container instances, `*` for Fargate; the condition pins the cluster.
  add({
    actions: ["ecs:ListTasks"],
    resources: ["*"],
    conditions: { ArnEquals: { "ecs:cluster": cluster } },
  });
}

function arnsOf(scope: Construct, { cluster, service, taskFamily }: EcsServiceComponent) {
  return {
    cluster: arnIn(scope, "ecs", `cluster/${cluster}`),
    service: arnIn(scope, "ecs", `service/${cluster}/${service}`),
    deployments: arnIn(scope, "ecs", `service-deployment/${cluster}/${service}/*`),
    revisions: arnIn(scope, "ecs", `service-revision/${cluster}/${service}/*`),
    family: arnIn(scope, "ecs", `task-definition/${taskFamily ?? service}:*`),
    tasks: arnIn(scope, "ecs", `task/${cluster}/*`),
  };
}
