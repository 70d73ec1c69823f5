import { DELETABLE_STATE, OWNERSHIP_TAGS, ownPrefix } from "../../../contracts/ownership.ts";

/** What a database says of itself, whatever its shape. */
export interface Tagged {
  readonly identifier: string;
  readonly resourceId: string;
  readonly createdAt: Date | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** No rollback works on its copy for so long: what is older was forgotten. */
const FORGOTTEN_MILLIS = 2 * 86_400_000;

/**
 * Those of `all` that rollbacks of the database called `configured` left behind: retired by their tags, or copies that
 * could not be removed; and of its family, by resource ids or by a name that only its rollbacks make. Whose tags a person
 * took off is nobody's here.
 */
export function leftBehind<T extends Tagged>(
  all: readonly T[],
  { configured, live }: { readonly configured: string; readonly live: string | undefined },
  at: Date,
): readonly T[] {
  const named = all.find(({ identifier }) => identifier === configured);
  const family = familyOf([live, named?.resourceId], all);
  const isForgotten = (createdAt: Date | undefined) =>
    createdAt !== undefined && at.getTime() - createdAt.getTime() > FORGOTTEN_MILLIS;
  return all.filter(
    ({ identifier, resourceId, tags, createdAt }) =>
      OWNERSHIP_TAGS.rollback in tags &&
      ((tags[OWNERSHIP_TAGS.state] === "retired" && OWNERSHIP_TAGS.expires in tags) ||
        (isUnusedCopy(tags) && isForgotten(createdAt))) &&
      (family.has(resourceId) || isOwnName(identifier, configured)),
  );
}

/** A copy that no rollback brought users to. */
export const isUnusedCopy = (tags: Tagged["tags"]) => tags[OWNERSHIP_TAGS.state] === DELETABLE_STATE;

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
