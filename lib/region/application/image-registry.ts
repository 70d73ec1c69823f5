/** Where ECS pulls images from. */
export interface ImageRegistry {
  /** The image behind a reference, undefined when there is none. A digest wins over a tag, as in every registry. */
  find(reference: ImageReference): FoundImage | undefined;
}

export interface FoundImage {
  readonly digest: string;
  /** False for an image in the archive tier, which cannot be pulled before it is restored. */
  readonly pullable: boolean;
}

/** An image name taken apart: `<registry>/<repository>[:tag][@sha256:…]`. */
export interface ImageReference {
  readonly image: string;
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Takes an image name apart. A name without tag and digest means the tag `latest`, as for docker. */
export function parseImage(image: string): ImageReference {
  const [name = "", digest] = image.split("@", 2);
  const slash = name.indexOf("/");
  const registry = slash > 0 && name.slice(0, slash).includes(".") ? name.slice(0, slash) : "docker.io";
  const path = registry === "docker.io" ? name : name.slice(slash + 1);
  const [repository = "", tag] = path.split(":", 2);
  return {
    image,
    registry,
    repository,
    ...(tag === undefined ? (digest === undefined ? { tag: "latest" } : {}) : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}
