/**
 * Tags that say whose a database is. Deleting is allowed, in code and by IAM, only with state `staging`; `source` is the
 * resource id that it was made from.
 */
export const OWNERSHIP_TAGS = {
  rollback: "stepback:rollback",
  source: "stepback:source",
  state: "stepback:state",
  expires: "stepback:expires",
  /** Of a member of a cluster's copy: the resource id of the member that it is like. */
  like: "stepback:like",
} as const;

/** Every tag of Stepback's begins so; a copy never inherits them. */
export const OWN_TAG_PREFIX = "stepback:";

/** A copy that nobody uses yet, the one that serves, the one that was kept. */
export type DatabaseState = "staging" | "live" | "retired";

/** The only state in which a database may be deleted. */
export const DELETABLE_STATE = "staging" satisfies DatabaseState;

/** How the name of a copy that may be deleted ends. */
export const COPY_END = "new";

/**
 * How the names of everything begin that Stepback makes of one database; eight characters for the rollback and an end
 * follow. One cut for all ends, so that IAM can name them too.
 */
export function ownPrefix(identifier: string): string {
  return `${identifier.slice(0, LONGEST - LONGEST_SUFFIX).replace(/-+$/, "")}-sb-`;
}

/** The longest identifier of an instance, a cluster and a cluster's snapshot (docs/facts/database.md §4). */
const LONGEST = 63;
const LONGEST_SUFFIX = "-sb-01234567-before".length;
