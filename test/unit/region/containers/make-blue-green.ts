import * as codedeploy from "@aws-sdk/client-codedeploy";
import type * as ecs from "@aws-sdk/client-ecs";
import {
  type DeploymentGroupPlan,
  installDeploymentGroup,
} from "../../../../lib/region/services/codedeploy/install-deployment-group.ts";
import { GROUPS, installShop, makeWorld, register, service, type World } from "./make-world.ts";

/** The deployment group of the service `shop`. */
export const which = { applicationName: "shop", deploymentGroupName: "shop-blue-green" };

/** The service `shop` under CodeDeploy, running `v1`, with `v2` registered. */
export async function makeShop(plan: Partial<DeploymentGroupPlan> = {}) {
  const world = makeWorld();
  const v1 = await installShop(world, { deploymentController: { type: "CODE_DEPLOY" } });
  const v2 = await register(world, "v2");
  await installDeploymentGroup(world.call, {
    application: "shop",
    group: "shop-blue-green",
    serviceRoleArn: "arn:aws:iam::123456789012:role/codedeploy",
    cluster: "shop",
    service: "shop",
    targetGroups: GROUPS,
    listenerArn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shop/1/2",
    terminationWaitMinutes: 5,
    ...plan,
  });
  return { world, v1, v2 };
}

export async function deploy(
  world: World,
  TaskDefinition: string,
  settings: Partial<codedeploy.CreateDeploymentInput> = {},
): Promise<string> {
  const LoadBalancerInfo = { ContainerName: "app", ContainerPort: 8080 };
  const Properties = { TaskDefinition, LoadBalancerInfo };
  const content = JSON.stringify({
    version: 0.0,
    Resources: [{ TargetService: { Type: "AWS::ECS::Service", Properties } }],
  });
  const revision = { revisionType: "AppSpecContent", appSpecContent: { content } } as const;
  const command = new codedeploy.CreateDeploymentCommand({ ...which, revision, ...settings });
  return (await world.run(() => world.codedeploy.send(command))).deploymentId ?? "";
}

export function stop(world: World, deploymentId: string, autoRollbackEnabled: boolean) {
  const command = new codedeploy.StopDeploymentCommand({ deploymentId, autoRollbackEnabled });
  return world.run(() => world.codedeploy.send(command));
}

export async function deployment(world: World, deploymentId: string): Promise<codedeploy.DeploymentInfo> {
  const command = new codedeploy.GetDeploymentCommand({ deploymentId });
  return (await world.run(() => world.codedeploy.send(command))).deploymentInfo ?? {};
}

export async function sets(world: World): Promise<ecs.TaskSet[]> {
  return (await service(world)).taskSets ?? [];
}

/** The share of each target group that has targets. */
export function traffic(world: World): Record<string, number> {
  const targets = world.containers.targets("shop", "shop");
  return Object.fromEntries(
    targets.map(({ targetGroupArn, weight }) => [targetGroupArn.split("/")[1] ?? "", weight]),
  );
}

export async function until(world: World, condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await condition()) return;
    await world.forSeconds(3);
  }
  throw new Error("It did not happen within five minutes");
}

export async function finish(world: World, id: string, withinSeconds = 600): Promise<void> {
  for (let waited = 0; waited < withinSeconds; waited += 20) {
    await world.forSeconds(20);
    if ((await deployment(world, id)).status === "Succeeded") return;
  }
  throw new Error(`${id} has not succeeded`);
}
