/** One version or delete marker of a key, as a listing shows it. */
export interface Listed {
  readonly versionId: string;
  readonly isLatest: boolean;
  /** Whole seconds; of a multipart upload the moment it began, unverified (docs/facts/frontend-secrets-config.md §A.3). */
  readonly lastModified: Date;
}

export interface ListedVersion extends Listed {
  readonly etag: string;
  readonly size: number;
  readonly storageClass: string;
}

/** Everything that a key ever was; both lists newest first. */
export interface KeyHistory {
  readonly key: string;
  readonly versions: readonly ListedVersion[];
  readonly markers: readonly Listed[];
}

/** Content that can be copied onto a key. */
export interface Source {
  readonly key: string;
  readonly versionId?: string | undefined;
  readonly etag: string;
  readonly size: number;
  readonly storageClass: string;
}

/** What has to happen to one key. `over` is the version that users get until then; without it there is none. */
export type KeyChange =
  | { readonly change: "none" }
  | { readonly change: "copy"; readonly from: Source; readonly over?: Source }
  | { readonly change: "delete"; readonly over: Source }
  | { readonly change: "blocked"; readonly why: string };

/** CopyObject's own limit; larger objects would need a multipart copy that keeps nothing (§A.3). */
const LARGEST_COPY_BYTES = 5 * 1_024 ** 3;

/** What can only be read after somebody restored it (§A.3, step 5). */
const ARCHIVES = new Set(["GLACIER", "DEEP_ARCHIVE"]);

/**
 * Puts one key back to what it was at a moment: the algorithm and truth table of docs/facts/frontend-secrets-config.md
 * §A.3. The identity of content is its version, so what only changed its headers goes back as well.
 *
 * A listing has versions and delete markers in lists of their own and knows whole seconds only: which of the two came
 * last within one second is known of the newest alone. Everywhere else it is for a person or a manifest to say.
 */
export function restoreAt(history: KeyHistory, moment: Date): KeyChange {
  const version = history.versions.find(({ lastModified }) => lastModified <= moment);
  const marker = history.markers.find(({ lastModified }) => lastModified <= moment);
  const between = (version?.lastModified.getTime() ?? 0) - (marker?.lastModified.getTime() ?? 0);
  if (version && marker && between === 0 && !version.isLatest && !marker.isLatest) {
    return {
      change: "blocked",
      why: "was written and deleted within one second, in an order nobody can tell",
    };
  }
  const markerIsNewer = marker !== undefined && (between < 0 || (between === 0 && marker.isLatest));
  return restoreVersion(history, markerIsNewer ? undefined : version);
}

/** Puts one key back to one of its versions; without one, to not being there. */
export function restoreVersion(history: KeyHistory, wanted: ListedVersion | undefined): KeyChange {
  const current = currentOf(history);
  const over = current && sourceOf(history.key, current);
  if (!wanted) return over ? { change: "delete", over } : { change: "none" };
  if (wanted.versionId === current?.versionId) return { change: "none" };
  return copyOf(sourceOf(history.key, wanted), over);
}

/**
 * Puts one key to the content of another object. Equal ETags are equal bytes; unequal ones may be too (multipart, KMS),
 * and copying those again does no harm (§A.3). Size and time say nothing: names with hashes keep their length.
 */
export function replaceBy(source: Source, over: Source | undefined): KeyChange {
  return over?.etag === source.etag ? { change: "none" } : copyOf(source, over);
}

/** What users get of a key now; undefined when it is deleted. */
export function currentOf({ versions }: KeyHistory): ListedVersion | undefined {
  return versions.find(({ isLatest }) => isLatest);
}

export function sourceOf(key: string, { versionId, etag, size, storageClass }: ListedVersion): Source {
  return { key, versionId, etag, size, storageClass };
}

function copyOf(from: Source, over: Source | undefined): KeyChange {
  if (ARCHIVES.has(from.storageClass)) {
    return { change: "blocked", why: `lies in ${from.storageClass}: restore it from the archive first` };
  }
  if (from.size > LARGEST_COPY_BYTES)
    return { change: "blocked", why: "is larger than the 5 GB that can be copied" };
  return { change: "copy", from, ...(over ? { over } : {}) };
}
