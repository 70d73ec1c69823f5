/**
 * The path of the first part of `value` that a model does not honour; undefined when it honours all of it.
 *
 * `accepts` holds dotted paths. Naming a member covers everything below it; lists are passed through, so
 * `containerDefinitions.image` speaks of the image of every container definition. Members that are undefined do not count.
 */
export function unacceptedPath(value: unknown, accepts: readonly string[], path = ""): string | undefined {
  if (value === undefined || (path !== "" && accepts.includes(path))) return undefined;
  if (Array.isArray(value))
    return firstOf(
      value.map((item) => [path, item] as const),
      accepts,
    );
  if (isPlain(value) && (path === "" || accepts.some((accepted) => accepted.startsWith(`${path}.`)))) {
    const members = Object.entries(value).map(
      ([name, member]) => [path === "" ? name : `${path}.${name}`, member] as const,
    );
    return firstOf(members, accepts);
  }
  return path;
}

function firstOf(
  parts: readonly (readonly [path: string, value: unknown])[],
  accepts: readonly string[],
): string | undefined {
  for (const [path, value] of parts) {
    const found = unacceptedPath(value, accepts, path);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isPlain(value: unknown): value is object {
  return (
    typeof value === "object" && value !== null && !(value instanceof Date) && !(value instanceof Uint8Array)
  );
}
