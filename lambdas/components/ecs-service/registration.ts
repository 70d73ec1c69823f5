import type { RegisterTaskDefinitionCommandInput, Tag, TaskDefinition } from "@aws-sdk/client-ecs";
import { CLONE_OF_TAG, originOf, ROLLBACK_TAG, type RunningImage } from "./content.ts";
import { imageReference, pinned } from "./image-reference.ts";

/** What RegisterTaskDefinition takes; what a checkpoint stores as JSON. */
export type Registration = RegisterTaskDefinitionCommandInput;

/**
 * The registration that would make this task definition again: without what AWS adds when describing, without
 * `inferenceAccelerators`, which are no longer accepted, and without tags that only AWS may set [docs/facts/ecs.md §1.4].
 */
export function registrationOf(described: TaskDefinition, tags: readonly Tag[] | undefined): Registration {
  const {
    taskDefinitionArn: _arn,
    revision: _revision,
    status: _status,
    requiresAttributes: _attributes,
    compatibilities: _compatibilities,
    registeredAt: _registeredAt,
    registeredBy: _registeredBy,
    deregisteredAt: _deregisteredAt,
    deleteRequestedAt: _deleteRequestedAt,
    inferenceAccelerators: _accelerators,
    ...rest
  } = described;
  const own = tags?.filter((tag) => !tag.key?.toLowerCase().startsWith("aws:")) ?? [];
  return {
    ...rest,
    family: described.family,
    containerDefinitions: described.containerDefinitions,
    ...(own.length > 0 ? { tags: own } : {}),
  };
}

/** A copy of a registration whose containers name the digests that are known, marked as this rollback's. */
export function cloneOf(
  source: Registration,
  {
    taskDefinition,
    images,
    rollbackId,
  }: {
    readonly taskDefinition: string;
    readonly images: readonly RunningImage[];
    readonly rollbackId: string;
  },
): Registration {
  const kept = source.tags?.filter((tag) => tag.key !== CLONE_OF_TAG && tag.key !== ROLLBACK_TAG) ?? [];
  const containerDefinitions = source.containerDefinitions?.map((container) => {
    const digest = images.find((image) => image.container === container.name)?.digest;
    return digest && container.image ? { ...container, image: pinned(container.image, digest) } : container;
  });
  return {
    ...source,
    containerDefinitions,
    tags: [
      ...kept,
      { key: CLONE_OF_TAG, value: originOf(taskDefinition, source.tags) },
      { key: ROLLBACK_TAG, value: rollbackId },
    ],
  };
}

/** The images that a registration names; a name with a digest says what runs, one with a tag does not. */
export function imagesOf(
  registration: Pick<Registration, "containerDefinitions">,
  ran: readonly RunningImage[] = [],
): RunningImage[] {
  return (registration.containerDefinitions ?? []).flatMap(({ name, image }) => {
    if (!name || !image) return [];
    const digest =
      imageReference(image).digest ?? ran.find((candidate) => candidate.container === name)?.digest;
    return [{ container: name, image, ...(digest ? { digest } : {}) }];
  });
}
