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
 * counts as one (API reference, ListObjectsV2). `entries` come in listing order.
 */
export function listPage<T extends { readonly key: string }>(
  entries: readonly T[],
  options: { readonly prefix: string; readonly delimiter: string | undefined; readonly maxKeys: number },
): ListPage<T> {
  const rolled: Listed<T>[] = [];
  for (const entry of entries) {
    if (!entry.key.startsWith(options.prefix)) continue;
    const prefix = commonPrefix(entry.key, options.prefix, options.delimiter);
    if (prefix === undefined) rolled.push({ prefix, entry });
    else if (rolled.at(-1)?.prefix !== prefix) rolled.push({ prefix });
  }
  const page = rolled.slice(0, options.maxKeys);
  return {
    entries: page.flatMap((listed) => (listed.prefix === undefined ? [listed.entry] : [])),
    prefixes: page.flatMap((listed) => listed.prefix ?? []),
    last: rolled.length > page.length ? page.at(-1) : undefined,
  };
}

/** Up to and including the first delimiter after the asked prefix; undefined when the key has none there. */
export function commonPrefix(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (delimiter === undefined || delimiter === "") return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}
