import { describe, expect, it } from "vitest";
import { ecsServiceKeeper, ringOf } from "../../../lambdas/components/ecs-service/keep.ts";
import type { ComponentVersion } from "../../../lambdas/contracts/ledger.ts";
import { configuration, Stage } from "./make-stage.ts";

const RING = ringOf(configuration, "app");

function makeVersion(stage: Stage, digest: string, repository = "shop"): ComponentVersion {
  const image = `${stage.region.ecr.images.registry}/${repository}:v1`;
  const images = [{ container: "app", image, digest }];
  return { kind: "ecs-service", taskDefinition: "shop:1", images, registration: "{}" };
}

function keeperOf(stage: Stage) {
  const { region, account } = stage.region.context;
  const keeper = ecsServiceKeeper({ ecr: stage.clients.ecr, region, account });
  return (version: ComponentVersion) => keeper(configuration, version, "cp-1");
}

async function digestsOf(stage: Stage): Promise<(string | undefined)[]> {
  const { images } = (await stage.operate("ecr", "BatchGetImage", {
    repositoryName: "shop",
    imageIds: RING.map((imageTag) => ({ imageTag })),
  })) as { images?: { imageId?: { imageDigest?: string } }[] };
  return (images ?? []).map(({ imageId }) => imageId?.imageDigest);
}

/** Builds that were pushed one after the other under the same tag, so that only the last one still has it. */
async function push(stage: Stage, count: number): Promise<string[]> {
  const digests: string[] = [];
  for (let build = 0; build < count; build++) {
    digests.push(stage.region.push(`build-${build}`, {}, "v1"));
    await stage.region.forSeconds(60);
  }
  return digests;
}

describe("keeping proven images", () => {
  it("tags an image that lost its own tag, once", async () => {
    const stage = new Stage();
    const [digest = ""] = await push(stage, 2);
    const keep = keeperOf(stage);

    expect(await keep(makeVersion(stage, digest))).toMatch(/is kept as stepback-shop-[0-9a-f]{8}-0\.$/);
    expect(await keep(makeVersion(stage, digest))).toContain("already kept");

    expect(await digestsOf(stage)).toEqual([digest]);
    expect(stage.mutations("PutImage")).toHaveLength(1);
  });

  it("keeps the five that were pushed last, and deletes nothing", async () => {
    const stage = new Stage();
    const digests = await push(stage, 7);
    for (const digest of digests) await keeperOf(stage)(makeVersion(stage, digest));

    expect((await digestsOf(stage)).sort()).toEqual(digests.slice(2).sort());
    expect(stage.mutations("BatchDeleteImage")).toEqual([]);
  });

  it("has a ring of its own for each service, cluster and container", () => {
    const rings = [
      RING,
      ringOf({ ...configuration, cluster: "staging" }, "app"),
      ringOf({ ...configuration, service: "worker" }, "app"),
      ringOf(configuration, "proxy"),
    ];

    expect(new Set(rings.flat())).toHaveProperty("size", 20);
    const long = ringOf({ cluster: "c", service: "s".repeat(255) }, "app");
    expect(Math.max(...long.map((tag) => tag.length))).toBeLessThanOrEqual(128);
  });

  it("says what it cannot keep, and why", async () => {
    const stage = new Stage();
    await push(stage, 1);
    const keep = keeperOf(stage);

    expect(await keep(makeVersion(stage, "sha256:gone"))).toContain("no longer holds sha256:gone");
    expect(await keep(makeVersion(stage, "sha256:1", "other"))).toContain(
      "not in a repository that the environment",
    );
    expect(await keep({ kind: "frontend", release: "r" } as ComponentVersion)).toBe(
      "There is no image to keep.",
    );
  });

  it("says when immutable tags leave no room", async () => {
    const stage = new Stage();
    await stage.operate("ecr", "CreateRepository", {
      repositoryName: "shop",
      imageTagMutability: "IMMUTABLE",
    });
    const digests: string[] = [];
    for (let build = 0; build < 6; build++) digests.push(stage.region.push(`b${build}`));

    const answers: string[] = [];
    for (const digest of digests) answers.push(await keeperOf(stage)(makeVersion(stage, digest)));

    expect(answers[4]).toContain("is kept as");
    expect(answers[5]).toContain("immutable");
  });
});
