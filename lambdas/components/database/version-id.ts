/** What a version of a database is: a resource as it is, or its data as of a moment. */
export interface DatabaseVersionId {
  readonly resourceId: string;
  readonly moment?: Date;
  /** The resource itself was taken back in place; otherwise a copy was made. */
  readonly backtracked: boolean;
}

/** `db-ABC@2026-11-21T00:14:00Z`, or with `/backtrack` when the resource itself was taken back. */
export function momentId(resourceId: string, moment: Date, backtracked: boolean): string {
  return `${resourceId}@${inSeconds(moment)}${backtracked ? BACKTRACK : ""}`;
}

export function parseVersionId(id: string): DatabaseVersionId {
  const backtracked = id.endsWith(BACKTRACK);
  const [resourceId = "", text] = (backtracked ? id.slice(0, -BACKTRACK.length) : id).split("@");
  const moment = new Date(text ?? Number.NaN);
  return { resourceId, backtracked, ...(Number.isNaN(moment.getTime()) ? {} : { moment }) };
}

/** ISO 8601 in whole seconds: the granularity of a restore (docs/facts/database.md §1). */
export function inSeconds(moment: Date): string {
  return `${moment.toISOString().slice(0, 19)}Z`;
}

const BACKTRACK = "/backtrack";
