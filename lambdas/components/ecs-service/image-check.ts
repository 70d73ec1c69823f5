import { DescribeImagesCommand, type ECRClient, type ImageDetail } from "@aws-sdk/client-ecr";
import { asked, isNamed } from "../aws-call.ts";
import type { RunningImage } from "./content.ts";
import { type ImageReference, imageReference } from "./image-reference.ts";

/** What the registry says of one image: a `problem` forbids the rollback, a `warning` is told. */
export interface ImageCheck {
  readonly problem?: string;
  readonly warning?: string;
  /** The tag no longer names the image that ran: starting the task definition as it is would start another. */
  readonly tagMoved?: true;
}

/** The registry that can be asked: private ECR of one account and region. */
export interface Registry {
  readonly ecr: ECRClient;
  readonly region: string;
  readonly account: string;
}

/** Looks an image up by digest, else by tag [docs/facts/ecs.md §1.5]. */
export async function checkImage(
  { ecr, region, account }: Registry,
  image: RunningImage,
): Promise<ImageCheck> {
  const reference = imageReference(image.image);
  const digest = image.digest ?? reference.digest;
  if (!reference.ecr) return { warning: `${image.image} is not in ECR and cannot be checked.` };
  if (reference.ecr.region !== region || reference.ecr.account !== account) {
    return { warning: `${image.image} is in another account or region and cannot be checked.` };
  }
  const found = await lookUp(
    ecr,
    reference.ecr,
    digest ? { imageDigest: digest } : { imageTag: reference.tag },
  );
  if (typeof found === "string") return { problem: `the image ${image.image} ${found}` };
  return statusProblem(image, found) ?? tagCheck(image, reference, digest, found);
}

async function lookUp(
  ecr: ECRClient,
  { account, repository }: NonNullable<ImageReference["ecr"]>,
  { imageDigest, imageTag = "latest" }: { imageDigest?: string | undefined; imageTag?: string | undefined },
): Promise<ImageDetail | string> {
  const wanted = imageDigest ?? `the tag ${imageTag}`;
  const advice = "choose another version or push it again";
  try {
    const answer = await asked(
      `Looking up the image ${repository} in ECR`,
      ecr.send(
        new DescribeImagesCommand({
          registryId: account,
          repositoryName: repository,
          imageIds: [imageDigest ? { imageDigest } : { imageTag }],
        }),
      ),
    );
    return answer.imageDetails?.[0] ?? `is gone: ${repository} no longer holds ${wanted}; ${advice}.`;
  } catch (error) {
    if (isNamed(error, "ImageNotFoundException"))
      return `is gone: ${repository} no longer holds ${wanted}; ${advice}.`;
    if (isNamed(error, "RepositoryNotFoundException"))
      return `is gone: the repository ${repository} no longer exists; ${advice}.`;
    throw error;
  }
}

/** An image in the archive tier exists but cannot be pulled; that a pull of it fails is inferred [docs/facts/ecs.md §1.5]. */
function statusProblem(image: RunningImage, { imageStatus }: ImageDetail): ImageCheck | undefined {
  if (imageStatus === undefined || imageStatus === "ACTIVE") return undefined;
  const advice =
    imageStatus === "ACTIVATING"
      ? "it is being restored, try again when that is done"
      : "restore it in ECR or choose another version";
  return { problem: `the image ${image.image} cannot be pulled, its status is ${imageStatus}; ${advice}.` };
}

function tagCheck(
  { image }: RunningImage,
  { tag, digest: written }: ImageReference,
  digest: string | undefined,
  found: ImageDetail,
): ImageCheck {
  if (written) return {};
  if (!digest) {
    return {
      warning: `The digest of ${image} was never recorded: whatever the tag names now will run (${found.imageDigest}).`,
    };
  }
  if (found.imageTags?.includes(tag ?? "latest")) return {};
  return {
    tagMoved: true,
    warning: `The tag of ${image} no longer names the image that ran; a copy of the task definition pins ${digest}.`,
  };
}
