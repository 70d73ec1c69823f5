import { createHash } from "node:crypto";
import type { FoundImage, ImageReference, ImageRegistry } from "../../application/image-registry.ts";
import { arnOf, type RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";

/** One image of a repository. Tags point to it; a tag that moves leaves it behind untagged. */
export interface StoredImage {
  readonly digest: string;
  readonly pushedAt: number;
  readonly sizeInBytes: number;
  readonly manifest: string;
  readonly mediaType: string;
  status: "ACTIVE" | "ARCHIVED";
  readonly tags: Set<string>;
}

export interface Repository {
  readonly name: string;
  readonly arn: string;
  readonly uri: string;
  readonly createdAt: number;
  readonly immutableTags: boolean;
  /** By digest. */
  readonly images: Map<string, StoredImage>;
}

/** The repositories of the account's private registry. */
export class ImageStore implements ImageRegistry {
  readonly repositories = new Map<string, Repository>();
  readonly #context: RegionContext;

  constructor(context: RegionContext) {
    this.#context = context;
  }

  /** `<account>.dkr.ecr.<region>.amazonaws.com` */
  get registry(): string {
    return `${this.#context.account}.dkr.ecr.${this.#context.region}.amazonaws.com`;
  }

  create(name: string, immutableTags: boolean): Repository {
    if (this.repositories.has(name)) {
      throw new AwsError(
        "RepositoryAlreadyExistsException",
        `The repository with name '${name}' already exists in the registry with id '${this.#context.account}'`,
      );
    }
    const repository: Repository = {
      name,
      arn: arnOf(this.#context, "ecr", `repository/${name}`),
      uri: `${this.registry}/${name}`,
      createdAt: this.#context.kernel.now,
      immutableTags,
      images: new Map(),
    };
    this.repositories.set(name, repository);
    return repository;
  }

  repository(name: string): Repository {
    const repository = this.repositories.get(name);
    if (!repository) {
      throw new AwsError(
        "RepositoryNotFoundException",
        `The repository with name '${name}' does not exist in the registry with id '${this.#context.account}'`,
      );
    }
    return repository;
  }

  /** Stores a manifest under its digest, and moves the tag to it. */
  put(repository: Repository, manifest: string, tag: string | undefined, mediaType: string): StoredImage {
    const digest = digestOf(manifest);
    const image = repository.images.get(digest) ?? {
      digest,
      pushedAt: this.#context.kernel.now,
      sizeInBytes: 40_000_000 + manifest.length,
      manifest,
      mediaType,
      status: "ACTIVE" as const,
      tags: new Set<string>(),
    };
    if (tag !== undefined) this.#moveTag(repository, image, tag);
    repository.images.set(digest, image);
    return image;
  }

  /** A digest wins over a tag; an image of another registry is not there. */
  find(reference: ImageReference): FoundImage | undefined {
    const repository = this.repositories.get(reference.repository);
    if (!repository || reference.registry !== this.registry) return undefined;
    const image = findImage(repository, reference);
    return image && { digest: image.digest, pullable: image.status === "ACTIVE" };
  }

  #moveTag(repository: Repository, image: StoredImage, tag: string): void {
    const holder = findImage(repository, { tag });
    if (holder === image) return;
    if (holder && repository.immutableTags) {
      throw new AwsError(
        "ImageTagAlreadyExistsException",
        `The image tag '${tag}' already exists in the '${repository.name}' repository and cannot be overwritten ` +
          "because the repository is immutable.",
      );
    }
    holder?.tags.delete(tag);
    image.tags.add(tag);
  }
}

/** An image is named by the SHA-256 of its manifest. */
export function digestOf(manifest: string): string {
  return `sha256:${createHash("sha256").update(manifest).digest("hex")}`;
}

/** Finds an image by digest, else by tag. */
export function findImage(
  repository: Repository,
  id: { readonly digest?: string | undefined; readonly tag?: string | undefined },
): StoredImage | undefined {
  if (id.digest !== undefined) return repository.images.get(id.digest);
  return [...repository.images.values()].find((image) => id.tag !== undefined && image.tags.has(id.tag));
}
