import type { EcsServiceVersion } from "../../contracts/kinds/ecs-service.ts";
import { imageReference } from "./image-reference.ts";

/** A container of a task definition with the image it names and, where known, the image that really ran. */
export type RunningImage = EcsServiceVersion["images"][number];

/**
 * What a service runs, seen as content: a copy that Stepback registered of a task definition is the same content as
 * its `origin`, and one task definition with a mutable tag can be several contents.
 */
export interface Content {
  /** Full ARN. */
  readonly taskDefinition: string;
  /** The ARN that `taskDefinition` is a copy of; itself when it is none. */
  readonly origin: string;
  readonly images: readonly RunningImage[];
}

/** Tags that Stepback puts on the task definitions it registers; AWS reserves the prefix `aws:` for itself. */
export const CLONE_OF_TAG = "stepback:clone-of";
export const ROLLBACK_TAG = "stepback:rollback";

/** Same task definition (or a copy of it), and no container is known to have run different images. */
export function sameContent(a: Content, b: Content): boolean {
  if (a.origin !== b.origin) return false;
  return a.images.every((image) => {
    const other = b.images.find((candidate) => candidate.container === image.container);
    return !image.digest || !other?.digest || image.digest === other.digest;
  });
}

/** `boardroom-api:41 (2.9.5)`: family, revision and the first container's tag. */
export function labelOf({ taskDefinition, images }: Pick<Content, "taskDefinition" | "images">): string {
  const tag = images[0] && imageReference(images[0].image).tag;
  return tag ? `${nameOf(taskDefinition)} (${tag})` : nameOf(taskDefinition);
}

/** `boardroom-api:41` of a task definition's ARN. */
export function nameOf(taskDefinition: string): string {
  return taskDefinition.slice(taskDefinition.lastIndexOf("/") + 1);
}

/** The ARN that a registration with these tags is a copy of. */
export function originOf(
  taskDefinition: string,
  tags: readonly { readonly key?: string | undefined; readonly value?: string | undefined }[] | undefined,
): string {
  return tags?.find((tag) => tag.key === CLONE_OF_TAG)?.value ?? taskDefinition;
}
