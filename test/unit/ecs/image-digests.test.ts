import type { ServiceRevision } from "@aws-sdk/client-ecs";
import { describe, expect, it } from "vitest";
import { makeRegion, type TestRegion } from "./make-region.ts";

async function digestOfRevision(region: TestRegion): Promise<string | undefined> {
  const arn = (await region.service()).currentServiceRevisions?.[0]?.arn;
  const output: { serviceRevisions?: ServiceRevision[] } = await region.ecsCall("DescribeServiceRevisions", {
    serviceRevisionArns: [arn],
  });
  return output.serviceRevisions?.[0]?.containerImages?.[0]?.imageDigest;
}

async function runningDigests(region: TestRegion): Promise<Set<string | undefined>> {
  return new Set((await region.tasks()).map((task) => task.containers?.[0]?.imageDigest));
}

describe("a tag that moves", () => {
  it("leaves the tasks of a deployment on the digest that its first task resolved", async () => {
    const region = makeRegion();
    await region.install();
    const old = await digestOfRevision(region);
    region.push("other build", {}, "v1");
    await region.update({ desiredCount: 5 });
    await region.forSeconds(120);

    expect(old).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await runningDigests(region)).toEqual(new Set([old]));
  });

  it("is resolved again by every new deployment", async () => {
    const region = makeRegion();
    const { taskDefinition } = await region.install();
    const moved = region.push("other build", {}, "v1");
    await region.update({ taskDefinition, forceNewDeployment: true });
    await region.forSeconds(240);

    expect(await digestOfRevision(region)).toBe(moved);
    expect(await runningDigests(region)).toEqual(new Set([moved]));
  });

  it("does not matter to an image that is pinned by its digest", async () => {
    const region = makeRegion();
    await region.install();
    const old = (await digestOfRevision(region)) ?? "";
    region.push("other build", {}, "v1");
    await region.update({ taskDefinition: await region.register(`@${old}`) });
    await region.forSeconds(240);

    expect(await runningDigests(region)).toEqual(new Set([old]));
    expect((await region.history()).at(-1)?.status).toBe("SUCCESSFUL");
  });
});

describe("an image that cannot be pulled", () => {
  it.each(["deleted", "archived"])("keeps tasks from starting when it is %s", async (how) => {
    const region = makeRegion();
    await region.install();
    const digest = (await digestOfRevision(region)) ?? "";
    if (how === "archived") region.ecr.setStatus("shop", digest, "ARCHIVED");
    else
      await region.call("ecr", "BatchDeleteImage", {
        repositoryName: "shop",
        imageIds: [{ imageDigest: digest }],
      });
    await region.update({ desiredCount: 4 });
    await region.forSeconds(60);

    expect((await region.service()).runningCount).toBe(3);
    const [task] = await region.tasks("STOPPED");
    expect(task).toMatchObject({ stopCode: "TaskFailedToStart" });
    expect(task?.stoppedReason).toContain("CannotPullContainerError");
    expect(task?.stoppedReason).toContain(`shop:v1@${digest}: not found`);
  });
});
