import type {
  DescribeImagesRequest,
  DescribeImagesResponse,
  ImageDetail,
  ImageIdentifier,
  ListImagesRequest,
  ListImagesResponse,
} from "@aws-sdk/client-ecr";
import type { RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import { findImage, type Repository, type StoredImage } from "./image-store.ts";

/** DescribeImages: by ids, which must all exist, or the whole repository page by page. */
export function describeImages(
  context: RegionContext,
  repository: Repository,
  input: DescribeImagesRequest,
): DescribeImagesResponse {
  const detail = (image: StoredImage): ImageDetail => ({
    registryId: context.account,
    repositoryName: repository.name,
    imageDigest: image.digest,
    ...(image.tags.size === 0 ? {} : { imageTags: [...image.tags] }),
    imageSizeInBytes: image.sizeInBytes,
    imagePushedAt: new Date(image.pushedAt),
    imageManifestMediaType: image.mediaType,
    imageStatus: image.status,
  });
  if (input.imageIds && input.imageIds.length > 0) {
    if (input.nextToken !== undefined || input.maxResults !== undefined) {
      // "This option cannot be used when you specify images with imageIds" [dts]; the text is unverified.
      throw new AwsError(
        "InvalidParameterException",
        "Invalid parameter at 'imageIds' failed to satisfy constraint: " +
          "'nextToken and maxResults cannot be used with imageIds'",
      );
    }
    return { imageDetails: input.imageIds.map((id) => detail(byId(context, repository, id))) };
  }
  const from = Number(input.nextToken ?? 0);
  const to = from + (input.maxResults ?? 100);
  const all = [...repository.images.values()].filter((image) => matches(image, input.filter));
  return {
    imageDetails: all.slice(from, to).map(detail),
    ...(to < all.length ? { nextToken: String(to) } : {}),
  };
}

/** ListImages: one identifier for each tag, and one without a tag for an image that has none. */
export function listImages(repository: Repository, input: ListImagesRequest): ListImagesResponse {
  const all = [...repository.images.values()]
    .filter((image) => matches(image, input.filter))
    .flatMap(({ digest, tags }): ImageIdentifier[] =>
      tags.size === 0
        ? [{ imageDigest: digest }]
        : [...tags].map((imageTag) => ({ imageDigest: digest, imageTag })),
    );
  const from = Number(input.nextToken ?? 0);
  const to = from + (input.maxResults ?? 100);
  return { imageIds: all.slice(from, to), ...(to < all.length ? { nextToken: String(to) } : {}) };
}

/** The text as terraform-provider-aws#35268 shows it. */
function byId(
  context: RegionContext,
  repository: Repository,
  {
    imageDigest,
    imageTag,
  }: { readonly imageDigest?: string | undefined; readonly imageTag?: string | undefined },
): StoredImage {
  const image = findImage(repository, { digest: imageDigest, tag: imageTag });
  if (image && (imageTag === undefined || imageDigest === undefined || image.tags.has(imageTag)))
    return image;
  const quote = (value: string | undefined): string => `'${value ?? "null"}'`;
  throw new AwsError(
    "ImageNotFoundException",
    `The image with imageId {imageDigest:${quote(imageDigest)}, imageTag:${quote(imageTag)}} does not exist ` +
      `within the repository with name '${repository.name}' in the registry with id '${context.account}'`,
  );
}

/** "If not specified, only images with ACTIVE status are returned" [dts DescribeImagesFilter]. */
function matches(image: StoredImage, filter: DescribeImagesRequest["filter"]): boolean {
  const status = filter?.imageStatus ?? "ACTIVE";
  const tagged = image.tags.size > 0 ? "TAGGED" : "UNTAGGED";
  return (
    (status === "ANY" || image.status === status) &&
    (filter?.tagStatus === undefined || filter.tagStatus === "ANY" || filter.tagStatus === tagged)
  );
}
