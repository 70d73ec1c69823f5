/** One entry of a listing: something under a key, or a common prefix that stands for all keys below it. */
export type Listed<T> = { readonly prefix: string } | { readonly prefix: undefined; readonly entry: T };

export interface ListPage<T> {
  readonly entries: readonly T[];
  readonly prefixes: readonly string[];
  /** The last thing listed, when there is more. */
  readonly last: Listed<T> | undefined;
}

/**
 * Rolls the entries below a delimiter up into common prefixes and takes a page of the result; a common prefix
 * counts as one (API reference, ListObjectsV2). `entries` come in listing order, from the first that has the prefix;
 * no more of them are taken than the page needs.
 */
export function listPage<T extends { readonly key: string }>(
  entries: Iterable<T>,
  options: { readonly prefix: string; readonly delimiter: string | undefined; readonly maxKeys: number },
): ListPage<T> {
  const page: Listed<T>[] = [];
  let more = false;
  for (const entry of entries) {
    // Keys with the prefix stand together, and the entries begin with the first of them.
    if (!entry.key.startsWith(options.prefix)) break;
    const prefix = commonPrefix(entry.key, options.prefix, options.delimiter);
    if (prefix !== undefined && page.at(-1)?.prefix === prefix) continue;
    more = page.length === options.maxKeys;
    if (more) break;
    page.push(prefix === undefined ? { prefix, entry } : { prefix });
  }
  return {
    entries: page.flatMap((listed) => (listed.prefix === undefined ? [listed.entry] : [])),
    prefixes: page.flatMap((listed) => listed.prefix ?? []),
    last: more ? page.at(-1) : undefined,
  };
}

/** Up to and including the first delimiter after the asked prefix; undefined when the key has none there. */
export function commonPrefix(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (delimiter === undefined || delimiter === "") return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}
