import { OWNERSHIP_TAGS, ownPrefix } from "../../../contracts/ownership.ts";

/** What a database says of itself, whatever its shape. */
export interface Tagged {
  readonly identifier: string;
  readonly resourceId: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Those of `all` that rollbacks of the database called `configured` left behind: retired by their tags, and of its
 * family, by resource ids or by a name that only its rollbacks make. Whose tags a person took off is nobody's here.
 */
export function leftBehind<T extends Tagged>(
  all: readonly T[],
  { configured, live }: { readonly configured: string; readonly live: string | undefined },
): readonly T[] {
  const named = all.find(({ identifier }) => identifier === configured);
  const family = familyOf([live, named?.resourceId], all);
  return all.filter(
    ({ identifier, resourceId, tags }) =>
      tags[OWNERSHIP_TAGS.state] === "retired" &&
      OWNERSHIP_TAGS.rollback in tags &&
      OWNERSHIP_TAGS.expires in tags &&
      (family.has(resourceId) || isOwnName(identifier, configured)),
  );
}

/** Everything that was made from one of these, or that one of them was made from, and so on; by resource id. */
function familyOf(members: readonly (string | undefined)[], all: readonly Tagged[]): ReadonlySet<string> {
  const family = new Set(members.flatMap((member) => member ?? []));
  // A set that grows while it is walked is walked to its new end; each id is in it once.
  for (const member of family) {
    for (const { resourceId, tags } of all) {
      const source = tags[OWNERSHIP_TAGS.source];
      if (source === member) family.add(resourceId);
      if (resourceId === member && source !== undefined) family.add(source);
    }
  }
  return family;
}

/** When one in the middle is gone, the chain of sources is broken: the name still tells, if no other one begins alike. */
function isOwnName(identifier: string, configured: string): boolean {
  const prefix = ownPrefix(configured);
  if (prefix !== `${configured}-sb-` || !identifier.startsWith(prefix)) return false;
  return /^[0-9a-f]{8}-(new|old)$/.test(identifier.slice(prefix.length));
}
