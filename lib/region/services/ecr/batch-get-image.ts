import type { BatchGetImageRequest, BatchGetImageResponse, ImageIdentifier } from "@aws-sdk/client-ecr";
import type { RegionContext } from "../../region-context.ts";
import { findImage, type Repository } from "./image-store.ts";

/** BatchGetImage: the manifests of what is there, and a failure for everything else, in a reply of status 200 [dts]. */
export function batchGetImage(
  context: RegionContext,
  repository: Repository,
  { imageIds = [], acceptedMediaTypes = [] }: BatchGetImageRequest,
): BatchGetImageResponse {
  const found = imageIds.map((imageId) => ({ imageId, image: imageOf(repository, imageId) }));
  const accepted = (mediaType: string) =>
    acceptedMediaTypes.length === 0 || acceptedMediaTypes.includes(mediaType);
  return {
    images: found.flatMap(({ imageId, image }) =>
      image && accepted(image.mediaType)
        ? [
            {
              registryId: context.account,
              repositoryName: repository.name,
              imageId: { ...imageId, imageDigest: image.digest },
              imageManifest: image.manifest,
              imageManifestMediaType: image.mediaType,
            },
          ]
        : [],
    ),
    // That a manifest of another media type is a failure like one that is not there is unverified.
    failures: found.flatMap(({ imageId, image }) =>
      image && accepted(image.mediaType)
        ? []
        : [
            {
              imageId,
              failureCode: "ImageNotFound" as const,
              failureReason: "Requested image not found",
            },
          ],
    ),
  };
}

function imageOf(repository: Repository, { imageDigest, imageTag }: ImageIdentifier) {
  const image = findImage(repository, { digest: imageDigest, tag: imageTag });
  const matches = imageTag === undefined || imageDigest === undefined || image?.tags.has(imageTag);
  return matches ? image : undefined;
}
