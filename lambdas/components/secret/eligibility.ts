import type { SecretComponent } from "../../contracts/kinds/secret.ts";
import { nameOf, pendingOf, type SecretSight, shortOf } from "./reads.ts";

/** Why nothing can be done about a secret, whatever is wished, and what to do instead; undefined when it can. */
export function ineligible(
  { secretArn }: Pick<SecretComponent, "secretArn">,
  seen: SecretSight | undefined,
  region: string,
): string | undefined {
  const name = nameOf(secretArn);
  if (!seen) return `there is no secret ${secretArn}: correct the environment file and deploy.`;
  const { OwningService, Type, DeletedDate, PrimaryRegion } = seen.described;
  if (DeletedDate) {
    return `${name} is scheduled for deletion on ${DeletedDate.toISOString()}: restore it with RestoreSecret, then start again.`;
  }
  // A managed secret is changed by its service (docs/facts/frontend-secrets-config.md §B); whether AWS refuses is unverified.
  const owner = OwningService ?? Type;
  if (owner) return `${name} is managed by ${owner}: change or rotate it there, not here.`;
  if (PrimaryRegion && PrimaryRegion !== region) {
    return `this is a replica of ${name}, whose primary is in ${PrimaryRegion}: roll it back there.`;
  }
  if (!seen.labels.has("AWSCURRENT")) return `${name} has no current version: store a value first.`;
  const pending = pendingOf(seen);
  if (pending === undefined) return undefined;
  return (
    `a rotation of ${name} is in progress or has failed, AWSPENDING is on ${shortOf(pending)}: wait for its end, ` +
    "or cancel it and remove AWSPENDING, then start again."
  );
}
