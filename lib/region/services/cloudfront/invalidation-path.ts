import { AwsError } from "../../service-model.ts";

/** What an edge location knows of an object in its cache that an invalidation may mean. */
export interface Invalidated {
  readonly uri: string;
  /** In lower case. */
  readonly tags: readonly string[];
}

/** Whether one item of an invalidation means that object: case matters in paths and not in tags. */
export function invalidates(item: string, { uri, tags }: Invalidated): boolean {
  if (item.startsWith("#")) return tags.includes(item.slice(1).toLowerCase());
  return item.endsWith("*") ? uri.startsWith(item.slice(0, -1)) : uri === item;
}

/**
 * Paths begin with a slash, have `*` at their end alone, are URL-encoded and at most 4,000 characters long; tags take
 * no wildcard, at most 256 characters, and a distribution that reads them (docs/facts/frontend-secrets-config.md §A.6).
 * The code is the one reported for a missing slash; that the other faults share it is unverified.
 */
export function checkInvalidationItem(item: string, readsTags: boolean): void {
  const valid = item.startsWith("#")
    ? readsTags && item.length > 1 && item.length <= 257 && !item.includes("*")
    : item.startsWith("/") && item.length <= 4_000 && /^[\x21-\x7e]+$/.test(item) && /^[^*]*\*?$/.test(item);
  if (valid) return;
  throw new AwsError("InvalidArgument", "Your request contains one or more invalid invalidation paths.", 400);
}
