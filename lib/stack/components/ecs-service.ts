import { type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { Environment } from "../../../lambdas/contracts/environment.ts";
import type { EcsServiceComponent } from "../../../lambdas/contracts/kinds/ecs-service.ts";
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
  // Of services that CodeDeploy deploys ECS keeps no revisions: their running tasks tell the images.
  if (component.codeDeploy) grantReadTasks(scope, grantee, component);
}

/** What planning takes beyond that: the history, whether images are still there, whether deployment alarms would fight. */
export function grantAssessEcsService(
  scope: Construct,
  grantee: IGrantable,
  component: EcsServiceComponent,
): void {
  grantObserveEcsService(scope, grantee, component);
  const { service, deployments } = arnsOf(scope, component);
  if (component.codeDeploy) {
    const { group } = codeDeployArns(scope, component.codeDeploy);
    allow(grantee, ["codedeploy:ListDeployments", "codedeploy:GetDeployment"], [group]);
  } else {
    allow(grantee, ["ecs:ListServiceDeployments"], [service]);
    allow(grantee, ["ecs:DescribeServiceDeployments"], [service, deployments]);
  }
  // Any alarm of the account may be a deployment alarm, and composite alarms are only shown to whoever may read all
  // (docs/facts/frontend-secrets-config.md J).
  allow(grantee, ["cloudwatch:DescribeAlarms"], ["*"]);
  // Whether what starts writers could be disabled, and put back.
  const { schedules = [] } = component.connectedTasks ?? {};
  if (schedules.length > 0) allow(grantee, ["scheduler:GetSchedule"], schedulesOf(scope, schedules));
  if (component.repositories.length > 0) {
    allow(grantee, ["ecr:DescribeImages"], repositoriesOf(scope, component));
  }
}

/** What keeping proven images takes: tagging them again, never deleting one. */
export function grantKeepEcsService(
  scope: Construct,
  grantee: IGrantable,
  component: EcsServiceComponent,
): void {
  if (component.repositories.length === 0) return;
  const actions = ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:PutImage"];
  allow(grantee, actions, repositoriesOf(scope, component));
}

/** What moving an ECS service takes, for its mover alone. */
export function grantMoveEcsService(
  scope: Construct,
  grantee: IGrantable,
  component: EcsServiceComponent,
  neighbours: Environment["components"],
): void {
  grantAssessEcsService(scope, grantee, component);
  const { service, deployments, family } = arnsOf(scope, component);
  const add = (statement: ConstructorParameters<typeof PolicyStatement>[0]) =>
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement(statement));
  // Scale it, and start a deployment of a task definition of this family, nothing else. Without a task definition in
  // the request the condition's key is absent, hence IfExists.
  add({
    actions: ["ecs:UpdateService"],
    resources: [service],
    conditions: { ArnLikeIfExists: { "ecs:task-definition": family } },
  });
  // Make ECS roll a deployment in flight back.
  if (!component.codeDeploy)
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
  if (!component.codeDeploy) grantReadTasks(scope, grantee, component);
  grantPause(scope, grantee, component);
  // Whether users would be answered again after a pause. Reading targets' health has no resource-level permissions.
  if (stopsForData(component, neighbours)) {
    add({ actions: ["elasticloadbalancing:DescribeTargetHealth"], resources: ["*"] });
  }
  if (component.codeDeploy) grantDeploy(scope, grantee, component.codeDeploy);
}

/** Whether anything makes it stand still: a database that it writes to, or a task on that data. */
function stopsForData(component: EcsServiceComponent, neighbours: Environment["components"]): boolean {
  const isIt = (name: string) => neighbours[name] === component;
  return Object.values(neighbours).some((one) => {
    if (one.kind === "database") return one.writers.some(isIt);
    return one.kind === "task" && one.when === "while-paused" && one.services.some(isIt);
  });
}

/** What stopping writers takes beside the service's own count, as far as the environment asks for it. */
function grantPause(scope: Construct, grantee: IGrantable, component: EcsServiceComponent): void {
  const { tasks, cluster } = arnsOf(scope, component);
  const { families = [], rules = [] } = component.connectedTasks ?? {};
  const add = (statement: ConstructorParameters<typeof PolicyStatement>[0]) =>
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement(statement));
  // Tasks have no family in their ARNs; the cluster is pinned twice.
  if (families.length > 0) {
    const conditions = { ArnEquals: { "ecs:cluster": cluster } };
    add({ actions: ["ecs:StopTask"], resources: [tasks], conditions });
  }
  if (rules.length > 0) {
    const actions = ["events:DescribeRule", "events:DisableRule", "events:EnableRule"];
    add({ actions, resources: rules.map((rule) => arnIn(scope, "events", `rule/${rule}`)) });
  }
  grantSchedules(scope, grantee, component);
  if (component.notice) add({ actions: ["lambda:InvokeFunction"], resources: [component.notice.function] });
  if (component.autoScaling) {
    // Reading scalable targets has no resource-level permissions.
    add({ actions: ["application-autoscaling:DescribeScalableTargets"], resources: ["*"] });
    // A scalable target's ARN is not known before it is read; the conditions pin what may be suspended.
    add({
      actions: ["application-autoscaling:RegisterScalableTarget"],
      resources: [arnIn(scope, "application-autoscaling", "scalable-target/*")],
      conditions: {
        StringEquals: {
          "application-autoscaling:service-namespace": "ecs",
          "application-autoscaling:scalable-dimension": "ecs:service:DesiredCount",
        },
      },
    });
  }
}

/** What disabling schedules takes, as far as the environment asks for it. */
function grantSchedules(
  scope: Construct,
  grantee: IGrantable,
  { connectedTasks }: EcsServiceComponent,
): void {
  const { schedules = [], scheduleRoles = [] } = connectedTasks ?? {};
  if (schedules.length === 0) return;
  allow(grantee, ["scheduler:UpdateSchedule"], schedulesOf(scope, schedules));
  // A schedule is written anew with its target, whose role is passed each time (Service Authorization Reference).
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ["iam:PassRole"],
      resources: scheduleRoles,
      conditions: { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
    }),
  );
}

/** What a deployment by CodeDeploy takes: CreateDeployment asks for more than its own action (docs/facts/ecs.md §2.5, §7). */
function grantDeploy(
  scope: Construct,
  grantee: IGrantable,
  codeDeploy: NonNullable<EcsServiceComponent["codeDeploy"]>,
): void {
  const { group, application, configuration } = codeDeployArns(scope, codeDeploy);
  const onGroup = ["CreateDeployment", "StopDeployment", "ContinueDeployment", "UpdateDeploymentGroup"];
  // The last one only because the alarms of the group are overridden for the rollback's own deployment.
  allow(
    grantee,
    onGroup.map((action) => `codedeploy:${action}`),
    [group],
  );
  allow(grantee, ["codedeploy:GetDeploymentConfig"], [configuration]);
  const onApplication = ["codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision"];
  allow(grantee, onApplication, [application]);
}

function grantReadTasks(scope: Construct, grantee: IGrantable, component: EcsServiceComponent): void {
  const { tasks, cluster } = arnsOf(scope, component);
  allow(grantee, ["ecs:DescribeTasks"], [tasks]);
  // ListTasks is authorised on container instances, `*` for Fargate; the condition pins the cluster.
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ["ecs:ListTasks"],
      resources: ["*"],
      conditions: { ArnEquals: { "ecs:cluster": cluster } },
    }),
  );
}

function allow(grantee: IGrantable, actions: string[], resources: string[]): void {
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
}

const schedulesOf = (scope: Construct, schedules: readonly string[]) =>
  schedules.map((name) =>
    arnIn(scope, "scheduler", `schedule/${name.includes("/") ? name : `default/${name}`}`),
  );

const repositoriesOf = (scope: Construct, { repositories }: EcsServiceComponent) =>
  repositories.map((name) => arnIn(scope, "ecr", `repository/${name}`));

const codeDeployArns = (
  scope: Construct,
  { application, deploymentGroup }: NonNullable<EcsServiceComponent["codeDeploy"]>,
) => ({
  group: arnIn(scope, "codedeploy", `deploymentgroup:${application}/${deploymentGroup}`),
  application: arnIn(scope, "codedeploy", `application:${application}`),
  configuration: arnIn(scope, "codedeploy", "deploymentconfig:CodeDeployDefault.ECSAllAtOnce"),
});

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
