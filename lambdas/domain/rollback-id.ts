/**
 * The id of a rollback: when it started and which execution it is, so that ids sort by time and never repeat.
 * `rb-20261121-010203-3f2a9c1d`.
 */
export function rollbackIdOf(execution: { readonly name: string; readonly startedAt: string }): string {
  const digits = new Date(execution.startedAt)
    .toISOString()
    .replace(/[-:]/g, "")
    .replace("T", "-")
    .slice(0, 15);
  const tail = execution.name
    .replace(/[^0-9a-zA-Z]/g, "")
    .slice(-8)
    .toLowerCase();
  return `rb-${digits}-${tail || "0"}`;
}
