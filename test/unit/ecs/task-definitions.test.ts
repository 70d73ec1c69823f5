import type { DescribeTaskDefinitionResponse, RegisterTaskDefinitionResponse } from "@aws-sdk/client-ecs";
import { describe, expect, it } from "vitest";
import { makeRegion, type TestRegion } from "./make-region.ts";

async function described(
  region: TestRegion,
  taskDefinition: string,
): Promise<DescribeTaskDefinitionResponse> {
  return region.ecsCall("DescribeTaskDefinition", { taskDefinition, include: ["TAGS"] });
}

describe("task definitions", () => {
  it("number their revisions by family and list the newest first when asked", async () => {
    const region = makeRegion();
    const arns = [await region.register("v1"), await region.register("v2"), await region.register("v3")];
    await region.ecsCall("DeregisterTaskDefinition", { taskDefinition: arns[1] });
    const list = (input: object): Promise<Record<string, unknown>> =>
      region.ecsCall("ListTaskDefinitions", { familyPrefix: "shop", sort: "DESC", ...input });

    expect(await list({})).toEqual({ taskDefinitionArns: [arns[2], arns[0]] });
    expect(await list({ status: "INACTIVE" })).toEqual({ taskDefinitionArns: [arns[1]] });
    expect(await list({ familyPrefix: "sho" })).toEqual({ taskDefinitionArns: [] });
    expect(await list({ maxResults: 1 })).toMatchObject({
      taskDefinitionArns: [arns[2]],
      nextToken: expect.any(String),
    });
  });

  it("list their families, those without an ACTIVE revision apart, and the clusters they may run in", async () => {
    const region = makeRegion();
    await region.register("v1");
    const families = (input: object): Promise<unknown> => region.ecsCall("ListTaskDefinitionFamilies", input);
    await region.ecsCall("CreateCluster", { clusterName: "main" });

    expect(await families({})).toEqual({ families: ["shop"] });
    expect(await families({ familyPrefix: "sh", status: "INACTIVE" })).toEqual({ families: [] });
    await region.ecsCall("DeregisterTaskDefinition", { taskDefinition: "shop:1" });
    expect(await families({ status: "ACTIVE" })).toEqual({ families: [] });
    expect(await families({ status: "INACTIVE" })).toEqual({ families: ["shop"] });
    expect(await region.ecsCall("ListClusters", {})).toMatchObject({
      clusterArns: expect.arrayContaining([expect.stringMatching(/:cluster\/main$/)]),
    });
  });

  it("can be registered again from their description, as a copy of an INACTIVE one", async () => {
    const region = makeRegion();
    const arn = await region.register("v1");
    await region.ecsCall("TagResource", { resourceArn: arn, tags: [{ key: "team", value: "a" }] });
    await region.ecsCall("DeregisterTaskDefinition", { taskDefinition: arn });
    const { taskDefinition = {}, tags } = await described(region, arn);
    const { family, containerDefinitions, volumes, placementConstraints } = taskDefinition;
    const copy: RegisterTaskDefinitionResponse = await region.ecsCall("RegisterTaskDefinition", {
      family,
      containerDefinitions,
      volumes,
      placementConstraints,
      tags,
    });

    expect(taskDefinition).toMatchObject({ status: "INACTIVE", deregisteredAt: expect.any(Date) });
    expect(copy.taskDefinition).toMatchObject({ status: "ACTIVE", revision: 2, containerDefinitions });
    expect(copy.tags).toEqual([{ key: "team", value: "a" }]);
  });

  it("may vanish while a service goes on running them", async () => {
    const region = makeRegion();
    const { taskDefinition = "" } = await region.install();
    region.ecs.forgetTaskDefinition(taskDefinition);
    await region.update({ desiredCount: 4 });
    await region.forSeconds(120);

    await expect(described(region, taskDefinition)).rejects.toMatchObject({
      code: "ClientException",
      message: "Unable to describe task definition.",
    });
    expect((await region.service()).runningCount).toBe(4);
  });

  it("must be named with a revision to be deregistered", async () => {
    const region = makeRegion();
    await region.register("v1");

    await expect(
      region.ecsCall("DeregisterTaskDefinition", { taskDefinition: "shop" }),
    ).rejects.toMatchObject({ code: "InvalidParameterException" });
  });
});
