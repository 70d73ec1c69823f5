import { describe, expect, it } from "vitest";
import type { OperationModel, Permission } from "../../../lib/region/service-model.ts";
import { makeRegion, type TestRegion } from "./make-region.ts";

const ARN = "arn:aws:ecs:eu-west-1:123456789012";
const ROLES = {
  taskRoleArn: "arn:aws:iam::123456789012:role/shop-task",
  executionRoleArn: "arn:aws:iam::123456789012:role/shop-execution",
};

function needed(region: TestRegion, operation: string, input: object): readonly Permission[] {
  // The map holds operations of every shape.
  const model = region.ecs.model.operations.get(operation) as OperationModel<object, object> | undefined;
  const principal = { arn: "arn:aws:iam::123456789012:role/x", type: "role" } as const;
  return model?.authorize(input, { service: "ecs", operation, principal, requestId: "1" }) ?? [];
}

async function withRoles(region: TestRegion): Promise<void> {
  await region.ecsCall("RegisterTaskDefinition", {
    family: "shop",
    containerDefinitions: [{ name: "app", image: "shop:v1" }],
    ...ROLES,
  });
}

describe("the permissions of UpdateService", () => {
  it("name the service, its cluster and the resolved task definition, and both roles to pass", async () => {
    const region = makeRegion();
    await withRoles(region);

    expect(
      needed(region, "UpdateService", { cluster: "shop", service: "shop", taskDefinition: "shop" }),
    ).toEqual([
      {
        action: "ecs:UpdateService",
        resource: `${ARN}:service/shop/shop`,
        context: {
          "ecs:cluster": `${ARN}:cluster/shop`,
          "ecs:task-definition": `${ARN}:task-definition/shop:1`,
        },
      },
      ...Object.values(ROLES).map((resource) => ({
        action: "iam:PassRole",
        resource,
        context: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
      })),
    ]);
  });

  it("need no role to pass when only the count changes", async () => {
    const region = makeRegion();
    await withRoles(region);

    const permissions = needed(region, "UpdateService", {
      cluster: "shop",
      service: "shop",
      desiredCount: 2,
    });
    expect(permissions.map(({ action }) => action)).toEqual(["ecs:UpdateService"]);
  });
});

describe("the other permissions", () => {
  it("ask for the deployment and its service when a deployment is stopped", () => {
    const region = makeRegion();
    const serviceDeploymentArn = `${ARN}:service-deployment/shop/shop/abc`;
    const context = { "ecs:cluster": `${ARN}:cluster/shop`, "ecs:service": `${ARN}:service/shop/shop` };

    expect(needed(region, "StopServiceDeployment", { serviceDeploymentArn })).toEqual([
      { action: "ecs:StopServiceDeployment", resource: serviceDeploymentArn, context },
      { action: "ecs:StopServiceDeployment", resource: `${ARN}:service/shop/shop`, context },
    ]);
  });

  it("ask for tagging besides registering when a clone carries tags", () => {
    const region = makeRegion();
    const permissions = needed(region, "RegisterTaskDefinition", {
      family: "shop",
      containerDefinitions: [],
      tags: [{ key: "team", value: "a" }],
      ...ROLES,
    });

    expect(permissions.map(({ action, resource }) => [action, resource])).toEqual([
      ["ecs:RegisterTaskDefinition", `${ARN}:task-definition/shop:*`],
      ["iam:PassRole", ROLES.taskRoleArn],
      ["iam:PassRole", ROLES.executionRoleArn],
      ["ecs:TagResource", `${ARN}:task-definition/shop:*`],
    ]);
    expect(permissions.at(-1)?.context).toMatchObject({ "ecs:CreateAction": "RegisterTaskDefinition" });
  });
});
