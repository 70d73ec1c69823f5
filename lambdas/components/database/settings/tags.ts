import type { Tag } from "@aws-sdk/client-rds";
import { OWN_TAG_PREFIX } from "../../../contracts/ownership.ts";

/** The tags that a copy takes over: people's own. `aws:` ones cannot be sent, Stepback's say whose a database is. */
export function peoplesTags(tags: readonly Tag[] | undefined): Tag[] {
  return (tags ?? []).filter(({ Key = "" }) => !Key.startsWith("aws:") && !Key.startsWith(OWN_TAG_PREFIX));
}

/** All tags of a copy; when any are given the source's are not copied by RDS (docs/facts/database.md §2). */
export function tagsOfCopy(ofSource: readonly Tag[], own: readonly Tag[]): Tag[] {
  return [...peoplesTags(ofSource), ...own].map(({ Key, Value = "" }) => ({ Key, Value }));
}

export function shownTags(tags: readonly Tag[] | undefined): string {
  const pairs = peoplesTags(tags).map(({ Key = "", Value = "" }) => `${Key}=${Value}`);
  return pairs.sort().join(", ") || "none";
}
