import { createHash } from "node:crypto";
import { COPY_END, ownPrefix } from "../../contracts/ownership.ts";

/** The names of everything that one rollback makes of one database. */
export interface DatabaseNames {
  /** The copy's, until it is cut over; a strategy without a rename leaves it there. */
  readonly staging: string;
  /** The old one's, after a rename. */
  readonly retired: string;
  /** The safety snapshot's, short enough for a cluster's too. */
  readonly snapshot: string;
}

interface Origin {
  /** What the environment calls the database, not what serves it now: names do not grow with each rollback. */
  readonly identifier: string;
  readonly rollbackId: string;
}

/**
 * Names that are the same each time, so that a retry meets what it made and never makes a second one: RDS has no client
 * tokens (docs/facts/database.md §4, §7).
 */
export function databaseNames(of: Origin): DatabaseNames {
  return { staging: named(of, COPY_END), retired: named(of, "old"), snapshot: named(of, "before") };
}

/** The name of one member of a cluster's copy; the writer is the first. */
export function memberName(of: Origin, index: number): string {
  return named(of, `${index + 1}-${COPY_END}`);
}

function named(of: Origin, end: string): string {
  return `${ownPrefix(of.identifier)}${shortOf(of)}-${end}`;
}

/** Eight characters that stand for a rollback of a database: long identifiers that begin alike share their prefix. */
function shortOf({ identifier, rollbackId }: Origin): string {
  return createHash("sha256").update(`${rollbackId} ${identifier}`).digest("hex").slice(0, 8);
}
