/** An image name taken apart; `digest` (`sha256:…`) wins over `tag` when both are given. */
export interface ImageReference {
  /** Registry and repository, as written. */
  readonly name: string;
  readonly tag?: string;
  readonly digest?: string;
  /** Where to ask about it, when it lives in a private ECR registry. */
  readonly ecr?: { readonly account: string; readonly region: string; readonly repository: string };
}

/** `<account>.dkr.ecr.<region>.amazonaws.com/<repository>` [docs/facts/ecs.md §1.5]; `.cn` in the China partition. */
const ECR_NAME = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/(.+)$/;

/** Takes `<registry>/<repository>[:tag][@sha256:…]` apart. A colon before the last slash belongs to the registry's port. */
export function imageReference(image: string): ImageReference {
  const at = image.indexOf("@");
  const tagged = at < 0 ? image : image.slice(0, at);
  const colon = tagged.indexOf(":", tagged.lastIndexOf("/") + 1);
  const name = colon < 0 ? tagged : tagged.slice(0, colon);
  const ecr = ECR_NAME.exec(name);
  return {
    name,
    ...(colon < 0 ? {} : { tag: tagged.slice(colon + 1) }),
    ...(at < 0 ? {} : { digest: image.slice(at + 1) }),
    ...(ecr ? { ecr: { account: ecr[1] ?? "", region: ecr[2] ?? "", repository: ecr[3] ?? "" } } : {}),
  };
}

/** The same image, named by digest alone. */
export function pinned(image: string, digest: string): string {
  return `${imageReference(image).name}@${digest}`;
}
