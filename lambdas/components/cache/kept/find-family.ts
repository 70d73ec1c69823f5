import type { ElastiCacheClient, ReplicationGroup } from "@aws-sdk/client-elasticache";
import { copyName, ROLLBACK_TAG, SOURCE_TAG } from "../copy-name.ts";
import { allGroups, tagsOf } from "../groups.ts";

/** One cache of a component. */
export interface Member {
  readonly id: string;
  readonly group: ReplicationGroup;
  readonly tags: ReadonlyMap<string, string>;
  /** Of a copy: the rollback that made it, and of which cache. */
  readonly made: { readonly rollback: string; readonly from: string } | undefined;
}

/**
 * The configured cache with everything that rollbacks of this component made of it, and with what it was made of itself:
 * after a rollback people write the copy's name into the environment. A copy is known by its tags and by the name that
 * follows from them; whose tags a person took off is nobody's here.
 */
export async function findFamily(
  elasticache: ElastiCacheClient,
  configured: string,
  component: string,
): Promise<readonly Member[]> {
  const groups = (await allGroups(elasticache)).filter(({ Status }) => Status !== "deleting");
  const looked = await Promise.all(
    groups
      .filter(({ ReplicationGroupId: id = "" }) => id === configured || COPY.test(id))
      .map((group) => memberOf(elasticache, group, component)),
  );
  const family = new Set([configured]);
  // A set that grows while it is walked is walked to its new end; each id is in it once.
  for (const id of family) {
    for (const one of looked) {
      if (one.made?.from === id) family.add(one.id);
      if (one.id === id && one.made) family.add(one.made.from);
    }
  }
  const known = new Set(looked.map(({ id }) => id));
  const origins = groups.filter(({ ReplicationGroupId: id = "" }) => family.has(id) && !known.has(id));
  const rest = await Promise.all(origins.map((group) => memberOf(elasticache, group, component)));
  return [...looked, ...rest].filter(({ id }) => family.has(id));
}

/** Only these are asked for their tags: it is one call each. */
const COPY = /-sb-[0-9a-f]{8}$/;

async function memberOf(
  elasticache: ElastiCacheClient,
  group: ReplicationGroup,
  component: string,
): Promise<Member> {
  const id = group.ReplicationGroupId ?? "";
  const tags = group.ARN === undefined ? new Map<string, string>() : await tagsOf(elasticache, group.ARN);
  const rollback = tags.get(ROLLBACK_TAG);
  const from = tags.get(SOURCE_TAG);
  const isCopy = rollback !== undefined && from !== undefined && copyName(from, rollback, component) === id;
  return { id, group, tags, made: isCopy ? { rollback, from } : undefined };
}
