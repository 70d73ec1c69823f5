import { parseImage } from "../../application/image-registry.ts";
import type { EcsWorld } from "./ecs-world.ts";
import type { ServiceTask, TaskRecord } from "./task-record.ts";

/**
 * Resolves the images of a service's task that is about to pull them. Answers the reason when one cannot be pulled.
 *
 * Software version consistency [DG deployment-type-ecs]: the first task of a deployment resolves the tags, the
 * service revision remembers the digests, and every later task of that revision pulls exactly those, however the tag
 * has moved since. A revision that was deployed with no task has no digests; its tasks resolve the tag each time.
 */
export function resolveServiceImages(world: EcsWorld, task: ServiceTask): { readonly failure?: string } {
  const { rollout } = task;
  const pinned = new Map(
    rollout.revision.containerImages.map(({ containerName, imageDigest }) => [containerName, imageDigest]),
  );
  const { failure } = resolveImages(world, task, pinned);
  if (failure !== undefined) return { failure };
  if (rollout.state === "IN_PROGRESS") pinDigests(task);
  return {};
}

/** Resolves the images of any task; `pinned` digests, by container name, win over what the tag says today. */
export function resolveImages(
  world: EcsWorld,
  task: TaskRecord,
  pinned: ReadonlyMap<string | undefined, string | undefined> = new Map(),
): { readonly failure?: string } {
  for (const container of task.containers) {
    const digest = pinned.get(container.name);
    const reference = parseImage(container.image);
    const found = world.options.images.find(digest === undefined ? reference : { ...reference, digest });
    if (!found?.pullable) {
      return { failure: pullFailure(container.image, digest) };
    }
    container.digest = found.digest;
  }
  return {};
}

function pinDigests(task: ServiceTask): void {
  const { revision } = task.rollout;
  revision.containerImages = revision.containerImages.map((image) => {
    const definition = task.definition.containerDefinitions?.find(({ name }) => name === image.containerName);
    const digest = task.containers.find(({ name }) => name === image.containerName)?.digest;
    if (image.imageDigest !== undefined || definition?.versionConsistency === "disabled") return image;
    return { ...image, ...(digest === undefined ? {} : { imageDigest: digest }) };
  });
}

/** The wording of Fargate for a missing tag or digest (containers-roadmap#2687); for an archived image unverified. */
function pullFailure(image: string, digest: string | undefined): string {
  const reference = digest === undefined || image.includes("@") ? image : `${image}@${digest}`;
  return (
    "CannotPullContainerError: pull image manifest has been retried 1 time(s): " +
    `failed to resolve ref ${reference}: ${reference}: not found`
  );
}
