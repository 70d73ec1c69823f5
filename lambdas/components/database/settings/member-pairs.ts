import type { DBInstance } from "@aws-sdk/client-rds";
import { OWNERSHIP_TAGS } from "../../../contracts/ownership.ts";
import { tagsOf } from "../reads.ts";

/** The members of a cluster and of its copy, side by side. */
export interface MemberPairs {
  readonly pairs: readonly { readonly source: DBInstance; readonly copy: DBInstance }[];
  /** Members of the source that the copy has none like, the writer first. */
  readonly missing: readonly DBInstance[];
}

/**
 * Which member of a copy is like which of its source: a copy's says so by a tag, whatever its name and whoever is the
 * writer by now. A failover changes roles, and AWS lists members in no order. Pure.
 */
export function memberPairs(source: readonly DBInstance[], copy: readonly DBInstance[]): MemberPairs {
  const likeness = new Map(copy.map((member) => [tagsOf(member)[OWNERSHIP_TAGS.like], member]));
  const pairs = source.flatMap((member) => {
    const found = likeness.get(member.DbiResourceId ?? "");
    return found ? [{ source: member, copy: found }] : [];
  });
  const paired = new Set(pairs.map((pair) => pair.source));
  return { pairs, missing: source.filter((member) => !paired.has(member)) };
}
