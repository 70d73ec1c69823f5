import { createHash } from "node:crypto";
import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  type ECRClient,
  type Image,
  PutImageCommand,
} from "@aws-sdk/client-ecr";
import type { EcsServiceComponent } from "../../contracts/kinds/ecs-service.ts";
import { asked, isNamed } from "../aws-call.ts";
import type { Keeper } from "../component.ts";
import type { RunningImage } from "./content.ts";
import type { Registry } from "./image-check.ts";
import { imageReference } from "./image-reference.ts";

/** Proven images that are kept a container: as many tags move in a ring, so that nothing ever has to be deleted. */
const RING_SIZE = 5;
/** Left out, ECR may answer with one platform's manifest for a tag that names an index; unverified. */
const MEDIA_TYPES = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
];

/**
 * Keeps the images of a proven version from ECR's lifecycle rules for untagged images and for tag prefixes, by a tag of
 * Stepback's own: the documented way of tagging an image again, BatchGetImage and PutImage. A rule that counts images of
 * any tag still expires them; the planner sees that the image is gone.
 */
export function ecsServiceKeeper(registry: Registry): Keeper<"ecs-service"> {
  return async (configuration, version) => {
    if (version.kind !== "ecs-service") return "There is no image to keep.";
    const kept: string[] = [];
    for (const image of version.images) kept.push(await keep(registry, configuration, image));
    return kept.length > 0 ? kept.join(" ") : "There is no image to keep.";
  };
}

async function keep(
  { ecr, region, account }: Registry,
  configuration: EcsServiceComponent,
  image: RunningImage,
): Promise<string> {
  const { ecr: home, digest: written } = imageReference(image.image);
  const digest = image.digest ?? written;
  if (!digest) return `${image.image} is not kept: its digest is not known.`;
  if (
    home?.account !== account ||
    home.region !== region ||
    !configuration.repositories.includes(home.repository)
  ) {
    return `${image.image} is not kept: it is not in a repository that the environment names.`;
  }
  const { repository } = home;
  const tags = ringOf(configuration, image.container);
  const { wanted, holders } = await look(ecr, repository, digest, tags);
  if (!wanted?.imageManifest)
    return `${image.image} cannot be kept: ${repository} no longer holds ${digest}.`;
  const held = [...holders].find(([, holding]) => holding === digest)?.[0];
  if (held) return `${image.image} is already kept as ${held}.`;
  const tag = tags.find((one) => !holders.has(one)) ?? (await oldest(ecr, repository, holders));
  return tagAgain(ecr, repository, wanted, tag, image.image);
}

/** `stepback-<service>-<hash>-0` to `-4`: one ring a container of a service of a cluster, since repositories are shared. */
export function ringOf(
  { cluster, service }: Pick<EcsServiceComponent, "cluster" | "service">,
  container: string,
) {
  const hash = createHash("sha256")
    .update([cluster, service, container].join("\n"))
    .digest("hex")
    .slice(0, 8);
  return Array.from({ length: RING_SIZE }, (_, slot) => `stepback-${service.slice(0, 80)}-${hash}-${slot}`);
}

/** The image itself, and which digest each tag of the ring holds now; tags that nothing holds are absent. */
async function look(ecr: ECRClient, repositoryName: string, digest: string, tags: readonly string[]) {
  const { images } = await asked(
    `Reading the kept images of ${repositoryName}`,
    ecr.send(
      new BatchGetImageCommand({
        repositoryName,
        imageIds: [{ imageDigest: digest }, ...tags.map((imageTag) => ({ imageTag }))],
        acceptedMediaTypes: MEDIA_TYPES,
      }),
    ),
  );
  const holders = new Map<string, string>();
  for (const { imageId } of images ?? []) {
    const { imageTag, imageDigest } = imageId ?? {};
    if (imageTag && imageDigest && tags.includes(imageTag)) holders.set(imageTag, imageDigest);
  }
  return { wanted: images?.find(({ imageId }) => imageId?.imageDigest === digest), holders };
}

/** The tag whose image was pushed first makes room. */
async function oldest(
  ecr: ECRClient,
  repositoryName: string,
  holders: ReadonlyMap<string, string>,
): Promise<string> {
  const { imageDetails } = await asked(
    `Looking for the oldest kept image of ${repositoryName}`,
    ecr.send(
      new DescribeImagesCommand({
        repositoryName,
        imageIds: [...holders.values()].map((imageDigest) => ({ imageDigest })),
      }),
    ),
  );
  const pushedAt = new Map(imageDetails?.map((one) => [one.imageDigest, one.imagePushedAt?.getTime() ?? 0]));
  const byAge = [...holders].sort(([, a], [, b]) => (pushedAt.get(a) ?? 0) - (pushedAt.get(b) ?? 0));
  return byAge[0]?.[0] ?? "";
}

async function tagAgain(
  ecr: ECRClient,
  repositoryName: string,
  { imageId, imageManifest, imageManifestMediaType }: Image,
  imageTag: string,
  name: string,
): Promise<string> {
  try {
    await asked(
      `Keeping ${name}`,
      ecr.send(
        new PutImageCommand({
          repositoryName,
          imageManifest,
          imageManifestMediaType,
          imageDigest: imageId?.imageDigest,
          imageTag,
        }),
      ),
    );
    return `${name} is kept as ${imageTag}.`;
  } catch (error) {
    if (isNamed(error, "ImageAlreadyExistsException")) return `${name} is already kept as ${imageTag}.`;
    if (!isNamed(error, "ImageTagAlreadyExistsException")) throw error;
    return `${name} is not kept: the tags of ${repositoryName} are immutable, so no more than ${RING_SIZE} can be kept; see that its lifecycle rules leave enough.`;
  }
}
