import { describe, expect, it } from "vitest";
import { makeRegion, type TestRegion } from "./make-region.ts";

function describeImages(region: TestRegion, input: object): Promise<Record<string, unknown>> {
  return region.call("ecr", "DescribeImages", { repositoryName: "shop", ...input });
}

describe("ECR", () => {
  it("moves a tag to the newest push and leaves the old image untagged", async () => {
    const region = makeRegion();
    const first = region.ecr.push("shop", "latest");
    const second = region.ecr.push("shop", "latest");

    expect(first).not.toBe(second);
    expect(await describeImages(region, { imageIds: [{ imageTag: "latest" }] })).toMatchObject({
      imageDetails: [{ imageDigest: second, imageTags: ["latest"], imageStatus: "ACTIVE" }],
    });
    const { imageDetails } = await describeImages(region, { imageIds: [{ imageDigest: first }] });
    expect(imageDetails).not.toHaveProperty("0.imageTags");
  });

  it("names a missing image and a missing repository in AWS's words", async () => {
    const region = makeRegion();
    region.ecr.push("shop", "v1");

    await expect(describeImages(region, { imageIds: [{ imageTag: "v2" }] })).rejects.toMatchObject({
      code: "ImageNotFoundException",
      message:
        "The image with imageId {imageDigest:'null', imageTag:'v2'} does not exist within the repository with " +
        "name 'shop' in the registry with id '123456789012'",
    });
    await expect(describeImages(region, { repositoryName: "none" })).rejects.toMatchObject({
      code: "RepositoryNotFoundException",
      message: "The repository with name 'none' does not exist in the registry with id '123456789012'",
    });
  });

  it("gives the manifest of an image, by which it gets another tag, and a failure for what is not there", async () => {
    const region = makeRegion();
    const digest = region.ecr.push("shop", "v1");
    const imageIds = [{ imageDigest: digest }, { imageTag: "v2" }];

    const answer = await region.call("ecr", "BatchGetImage", { repositoryName: "shop", imageIds });
    expect(answer).toMatchObject({
      images: [{ imageId: { imageDigest: digest }, imageManifest: expect.stringContaining("schemaVersion") }],
      failures: [{ imageId: { imageTag: "v2" }, failureCode: "ImageNotFound" }],
    });

    const [image] = answer["images"] as { readonly imageManifest: string }[];
    await region.call("ecr", "PutImage", { repositoryName: "shop", imageTag: "kept", ...image });
    expect(await describeImages(region, { imageIds: [{ imageTag: "kept" }] })).toMatchObject({
      imageDetails: [{ imageDigest: digest, imageTags: ["v1", "kept"] }],
    });
  });

  it("lists only ACTIVE images unless asked, and pages", async () => {
    const region = makeRegion();
    const archived = region.ecr.push("shop", "v1");
    const active = region.ecr.push("shop", "v2");
    region.ecr.setStatus("shop", archived, "ARCHIVED");

    expect(await describeImages(region, {})).toMatchObject({ imageDetails: [{ imageDigest: active }] });
    const page = await describeImages(region, { maxResults: 1, filter: { imageStatus: "ANY" } });
    expect(page).toMatchObject({ imageDetails: [{ imageDigest: archived }], nextToken: "1" });
    await expect(
      describeImages(region, { imageIds: [{ imageTag: "v2" }], nextToken: "1" }),
    ).rejects.toMatchObject({ code: "InvalidParameterException" });
  });

  it("lists an identifier for every tag, and one for an image that lost its last", async () => {
    const region = makeRegion();
    const old = region.ecr.push("shop", "latest");
    const current = region.ecr.push("shop", "latest");
    const list = (input: object): Promise<unknown> =>
      region.call("ecr", "ListImages", { repositoryName: "shop", ...input });

    expect(await list({})).toEqual({
      imageIds: [{ imageDigest: old }, { imageDigest: current, imageTag: "latest" }],
    });
    expect(await list({ filter: { tagStatus: "UNTAGGED" } })).toEqual({ imageIds: [{ imageDigest: old }] });
  });

  it("refuses to overwrite an immutable tag, and a digest that is not the manifest's", async () => {
    const region = makeRegion();
    await region.call("ecr", "CreateRepository", { repositoryName: "web", imageTagMutability: "IMMUTABLE" });
    const put = (imageManifest: string, imageDigest?: string): Promise<unknown> =>
      region.call("ecr", "PutImage", { repositoryName: "web", imageManifest, imageTag: "v1", imageDigest });
    await put("{}");

    await expect(put('{"a":1}')).rejects.toMatchObject({ code: "ImageTagAlreadyExistsException" });
    await expect(put("{}", "sha256:0")).rejects.toMatchObject({ code: "ImageDigestDoesNotMatchException" });
  });

  it("deletes the tag, and with the last tag the image", async () => {
    const region = makeRegion();
    const imageDigest = region.ecr.push("shop", "v1");
    const output = await region.call("ecr", "BatchDeleteImage", {
      repositoryName: "shop",
      imageIds: [{ imageTag: "v1" }, { imageTag: "v9" }],
    });

    expect(output).toMatchObject({
      imageIds: [{ imageDigest, imageTag: "v1" }],
      failures: [{ failureCode: "ImageNotFound" }],
    });
    await expect(describeImages(region, { imageIds: [{ imageDigest }] })).rejects.toMatchObject({
      code: "ImageNotFoundException",
    });
  });
});
