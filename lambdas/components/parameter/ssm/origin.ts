import type { History, HistoryEntry } from "./history.ts";

const PREFIX = "stepback-from-";

/**
 * Putting an old value back makes a new version (docs/facts/frontend-secrets-config.md §C.1). This label on it says whose
 * value it has, so that the ledger takes both for the same and nobody goes back a second time.
 */
export const originLabel = (version: string) => `${PREFIX}${version}`;

export const isOriginLabel = (label: string) => /^stepback-from-\d+$/.test(label);

/** The version whose value this one has: its own number, unless Stepback put an older value back with it. */
export function originOf({ version, labels }: HistoryEntry): string {
  const origins = labels.filter(isOriginLabel).map((label) => Number(label.slice(PREFIX.length)));
  return String(origins.length > 0 ? Math.min(...origins) : version);
}

/** The version to take a value from; the original, or what it was put back as once the original is forgotten. */
export function sourceOf(history: History, origin: string): HistoryEntry | undefined {
  return (
    history.find(({ version }) => String(version) === origin) ??
    history.find((entry) => originOf(entry) === origin)
  );
}
