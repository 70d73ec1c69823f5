import type { DBInstance } from "@aws-sdk/client-rds";
import { OWNERSHIP_TAGS } from "../../../contracts/ownership.ts";
import { tagsOf } from "../reads.ts";
import { isTerminal } from "../states.ts";

/** The members of a cluster and of its copy, side by side. */
export interface MemberPairs {
  readonly pairs: readonly { readonly source: DBInstance; readonly copy: DBInstance }[];
  /** Members of the source that the copy has none like, the writer first. */
  readonly missing: readonly DBInstance[];
}

/**
 * Which member of a copy is like which of its source: a copy's says so by a tag, whatever its name and whoever is the
 * writer by now. A failover changes roles, and AWS lists members in no order. A reader that is broken for good needs no
 * likeness: what broke it would break that as well. Pure.
 *
 * @param source the writer first
 */
export function memberPairs(source: readonly DBInstance[], copy: readonly DBInstance[]): MemberPairs {
  const likeness = new Map(copy.map((member) => [tagsOf(member)[OWNERSHIP_TAGS.like], member]));
  const wanted = source.filter((member, index) => index === 0 || !isTerminal(member.DBInstanceStatus));
  const pairs = wanted.flatMap((member) => {
    const found = likeness.get(member.DbiResourceId ?? "");
    return found ? [{ source: member, copy: found }] : [];
  });
  const paired = new Set(pairs.map((pair) => pair.source));
  return { pairs, missing: wanted.filter((member) => !paired.has(member)) };
}
