import { type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { EcsServiceComponent } from "../../../lambdas/contracts/environment.ts";
import { arnIn } from "../step-function.ts";

/**
 * What reading an ECS service takes: for the planner, for checkpoints, and for the mover.
 * Actions and resources: facts/ecs.md §7 (Service Authorization Reference).
 */
export function grantObserveEcsService(
  scope: Construct,
  grantee: IGrantable,
  component: EcsServiceComponent,
): void {
  const { service, deployments, revisions } = arnsOf(scope, component);
  const add = (actions: string[], resources: string[]) =>
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
  // The service itself.
  add(["ecs:DescribeServices"], [service]);
  // Its history; the documentation's sample grants these three on all three ARNs.
  add(["ecs:ListServiceDeployments"], [service]);
  add(["ecs:DescribeServiceDeployments"], [service, deployments]);
  add(["ecs:DescribeServiceRevisions"], [service, revisions]);
  // No resource-level permissions exist for reading task definitions.
  add(["ecs:DescribeTaskDefinition"], ["*"]);
  if (component.repositories.length > 0) {
    // Whether the images are still there.
    add(
      ["ecr:DescribeImages"],
      component.repositories.map((name) => arnIn(scope, "ecr", `repository/${name}`)),
    );
  }
}

/** What planning needs beyond reading the service: whether its own deployment alarms would fight the rollback. */
export function grantReadDeploymentAlarms(grantee: IGrantable): void {
  grantee.grantPrincipal.addToPrincipalPolicy(
    // Any alarm of the account may be a deployment alarm, and composite alarms are only shown to whoever may read all
    // (facts/frontend-secrets-config.md J).
    new PolicyStatement({ actions: ["cloudwatch:DescribeAlarms"], resources: ["*"] }),
  );
}

/** What moving an ECS service takes, for its mover alone. */
export function grantMoveEcsService(
  scope: Construct,
  grantee: IGrantable,
  component: EcsServiceComponent,
): void {
  grantObserveEcsService(scope, grantee, component);
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
  grantReadDeploymentAlarms(grantee);
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
