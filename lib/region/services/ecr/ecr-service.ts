import * as sdk from "@aws-sdk/client-ecr";
import { arnOf, type RegionContext } from "../../region-context.ts";
import { AwsError, type Permission, ServiceModel } from "../../service-model.ts";
import { batchGetImage } from "./batch-get-image.ts";
import { describeImages, listImages } from "./describe-images.ts";
import { digestOf, findImage, ImageStore, type Repository } from "./image-store.ts";

/** Amazon ECR in the simulated region: repositories, images, tags that move. */
export interface Ecr {
  readonly model: ServiceModel;
  /** Where ECS pulls from. */
  readonly images: ImageStore;
  /** Seeds an image without a caller: builds and pushes it under the tag, and answers its digest. Creates the repository. */
  push(repository: string, tag: string): string;
  /** Moves an image to the archive tier or back. */
  setStatus(repository: string, digest: string, status: "ACTIVE" | "ARCHIVED"): void;
}

export function ecrService(context: RegionContext): Ecr {
  const random = context.kernel.random.fork("ecr");
  const images = new ImageStore(context);
  const client = new sdk.ECRClient({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const model = new ServiceModel("ecr", sdk, client);
  repositoryOperations(model, context, images);
  imageOperations(model, context, images);
  return {
    model,
    images,
    push: (name, tag) => {
      const repository = images.repositories.get(name) ?? images.create(name, false);
      const manifest = JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, build: random.hex(32) });
      return images.put(repository, manifest, tag, MANIFEST).digest;
    },
    setStatus: (name, digest, status) => {
      const image = findImage(images.repository(name), { digest });
      if (!image) throw new Error(`There is no image ${digest} in ${name}`);
      image.status = status;
    },
  };
}

const MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

function repositoryOperations(model: ServiceModel, context: RegionContext, images: ImageStore): void {
  model
    .on(sdk.CreateRepositoryCommand, {
      accepts: ["repositoryName", "imageTagMutability"],
      authorize: (input) => [onRepository(context, "ecr:CreateRepository", input.repositoryName)],
      handle: (input) => ({
        repository: describeRepository(
          context,
          images.create(input.repositoryName ?? "", input.imageTagMutability === "IMMUTABLE"),
        ),
      }),
    })
    .on(sdk.DescribeRepositoriesCommand, {
      accepts: ["registryId", "repositoryNames"],
      authorize: (input) =>
        (input.repositoryNames ?? ["*"]).map((name) =>
          onRepository(context, "ecr:DescribeRepositories", name),
        ),
      handle: (input) => {
        refuseOtherRegistry(context, input.registryId);
        const found = input.repositoryNames?.map((name) => images.repository(name));
        return {
          repositories: (found ?? [...images.repositories.values()]).map((repository) =>
            describeRepository(context, repository),
          ),
        };
      },
    });
}

function imageOperations(model: ServiceModel, context: RegionContext, images: ImageStore): void {
  model
    .on(sdk.DescribeImagesCommand, {
      accepts: ["registryId", "repositoryName", "imageIds", "nextToken", "maxResults", "filter"],
      authorize: (input) => [onRepository(context, "ecr:DescribeImages", input.repositoryName)],
      handle: (input) => {
        refuseOtherRegistry(context, input.registryId);
        return describeImages(context, images.repository(input.repositoryName ?? ""), input);
      },
    })
    .on(sdk.ListImagesCommand, {
      accepts: ["registryId", "repositoryName", "nextToken", "maxResults", "filter"],
      authorize: (input) => [onRepository(context, "ecr:ListImages", input.repositoryName)],
      handle: (input) => {
        refuseOtherRegistry(context, input.registryId);
        return listImages(images.repository(input.repositoryName ?? ""), input);
      },
    })
    .on(sdk.BatchGetImageCommand, {
      accepts: ["registryId", "repositoryName", "imageIds", "acceptedMediaTypes"],
      authorize: (input) => [onRepository(context, "ecr:BatchGetImage", input.repositoryName)],
      handle: (input) => {
        refuseOtherRegistry(context, input.registryId);
        return batchGetImage(context, images.repository(input.repositoryName ?? ""), input);
      },
    })
    .on(sdk.PutImageCommand, {
      accepts: [
        "registryId",
        "repositoryName",
        "imageManifest",
        "imageManifestMediaType",
        "imageTag",
        "imageDigest",
      ],
      authorize: (input) => [onRepository(context, "ecr:PutImage", input.repositoryName)],
      handle: (input) => {
        refuseOtherRegistry(context, input.registryId);
        return { image: putImage(context, images, input) };
      },
    })
    .on(sdk.BatchDeleteImageCommand, {
      accepts: ["registryId", "repositoryName", "imageIds"],
      authorize: (input) => [onRepository(context, "ecr:BatchDeleteImage", input.repositoryName)],
      handle: (input) => {
        refuseOtherRegistry(context, input.registryId);
        const repository = images.repository(input.repositoryName ?? "");
        const results = (input.imageIds ?? []).map((id) => deleteImage(repository, id));
        return {
          imageIds: results.flatMap((result) => ("deleted" in result ? result.deleted : [])),
          failures: results.flatMap((result) => ("failure" in result ? [result.failure] : [])),
        };
      },
    });
}

function putImage(context: RegionContext, images: ImageStore, input: sdk.PutImageRequest): sdk.Image {
  const repository = images.repository(input.repositoryName ?? "");
  const manifest = input.imageManifest ?? "";
  const mediaType = input.imageManifestMediaType ?? MANIFEST;
  if (input.imageDigest !== undefined && input.imageDigest !== digestOf(manifest)) {
    throw new AwsError(
      "ImageDigestDoesNotMatchException",
      `The specified image digest '${input.imageDigest}' does not match the digest of the image manifest.`,
    );
  }
  const image = images.put(repository, manifest, input.imageTag, mediaType);
  return {
    registryId: context.account,
    repositoryName: repository.name,
    imageId: { imageDigest: image.digest, imageTag: input.imageTag },
    imageManifest: manifest,
    imageManifestMediaType: mediaType,
  };
}

/** By tag: the tag goes, and the image with it when it was the last. By digest: the image and all its tags go. */
function deleteImage(
  repository: Repository,
  id: sdk.ImageIdentifier,
): { readonly deleted: sdk.ImageIdentifier[] } | { readonly failure: sdk.ImageFailure } {
  const { imageTag: tag, imageDigest: digest } = id;
  const image = findImage(repository, { digest, tag });
  if (!image) {
    const failureReason = "Requested image not found";
    return { failure: { imageId: id, failureCode: "ImageNotFound", failureReason } };
  }
  if (digest === undefined && tag !== undefined) {
    image.tags.delete(tag);
    if (image.tags.size === 0) repository.images.delete(image.digest);
    return { deleted: [{ imageDigest: image.digest, imageTag: tag }] };
  }
  repository.images.delete(image.digest);
  const tags = [...image.tags];
  return {
    deleted:
      tags.length === 0
        ? [{ imageDigest: image.digest }]
        : tags.map((imageTag) => ({ imageDigest: image.digest, imageTag })),
  };
}

function describeRepository(context: RegionContext, repository: Repository): sdk.Repository {
  return {
    repositoryArn: repository.arn,
    registryId: context.account,
    repositoryName: repository.name,
    repositoryUri: repository.uri,
    createdAt: new Date(repository.createdAt),
    imageTagMutability: repository.immutableTags ? "IMMUTABLE" : "MUTABLE",
  };
}

function onRepository(context: RegionContext, action: string, name: string | undefined): Permission {
  return { action, resource: arnOf(context, "ecr", `repository/${name ?? ""}`) };
}

/** Another account's registry is not part of the region; ECR answers as if the repository were not there. */
function refuseOtherRegistry(context: RegionContext, registryId: string | undefined): void {
  if (registryId === undefined || registryId === context.account) return;
  throw new AwsError(
    "RepositoryNotFoundException",
    `The repository does not exist in the registry with id '${registryId}'`,
  );
}
