/** What a version of a database is: a resource as it is, or its data as of a moment. */
export interface DatabaseVersionId {
  readonly resourceId: string;
  readonly moment?: Date;
  readonly by: By;
}

/** A restored copy; the resource itself, taken back in place; a clone, which only rehearsals make. */
type By = "copy" | "backtrack" | "clone";

/** `db-ABC@2026-11-21T00:14:00Z`, with `/backtrack` or `/clone` when it is no restored copy. */
export function momentId(resourceId: string, moment: Date, by: By = "copy"): string {
  return `${resourceId}@${inSeconds(moment)}${by === "copy" ? "" : `/${by}`}`;
}

export function parseVersionId(id: string): DatabaseVersionId {
  const [name = "", mark] = id.split("/");
  const [resourceId = "", text] = name.split("@");
  const moment = new Date(text ?? Number.NaN);
  const by = mark === "backtrack" || mark === "clone" ? mark : "copy";
  return { resourceId, by, ...(Number.isNaN(moment.getTime()) ? {} : { moment }) };
}

/** ISO 8601 in whole seconds: the granularity of a restore (docs/facts/database.md §1). */
export function inSeconds(moment: Date): string {
  return `${moment.toISOString().slice(0, 19)}Z`;
}
