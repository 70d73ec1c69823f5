import type { NormalizedSchema } from "@smithy/core/schema";

/**
 * The members that a structure requires. In the SDK's static schemas the required members stand first in the list of
 * names (index 4) and their number stands at index 6.
 */
export function requiredMembers(schema: NormalizedSchema): readonly string[] {
  if (!schema.isStructSchema() || schema.isUnionSchema()) return [];
  const layout: unknown = schema.getSchema();
  if (!Array.isArray(layout)) return [];
  const [names, count]: readonly unknown[] = [layout[4], layout[6]];
  return Array.isArray(names) ? names.slice(0, Number(count ?? 0)).map(String) : [];
}

/** The path of the first required member that is missing anywhere in the input; undefined when nothing is. */
export function missingMember(schema: NormalizedSchema, value: unknown, path = ""): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (schema.isListSchema() && Array.isArray(value)) {
    return first(value, (item, index) =>
      missingMember(schema.getValueSchema(), item, `${path}.${index + 1}.member`),
    );
  }
  if (typeof value !== "object") return undefined;
  if (schema.isMapSchema()) {
    return first(Object.entries(value), ([key, item]) =>
      missingMember(schema.getValueSchema(), item, `${path}.${key}.member`),
    );
  }
  if (!schema.isStructSchema()) return undefined;
  const members = new Map<string, unknown>(Object.entries(value));
  const { required, nested } = layoutOf(schema);
  const missing = required.find((name) => members.get(name) === undefined);
  if (missing !== undefined) return join(path, missing);
  return first(nested, ([name, member]) => missingMember(member, members.get(name), join(path, name)));
}

interface Layout {
  readonly required: readonly string[];
  /** Members inside which something may be missing. */
  readonly nested: readonly (readonly [name: string, member: NormalizedSchema])[];
}

/** Every call asks; the answer never changes. */
const layouts = new WeakMap<NormalizedSchema, Layout>();

function layoutOf(schema: NormalizedSchema): Layout {
  const known = layouts.get(schema);
  if (known) return known;
  const nested = [...schema.structIterator()].filter(
    ([, member]) => member.isStructSchema() || member.isListSchema() || member.isMapSchema(),
  );
  const layout = { required: requiredMembers(schema), nested };
  layouts.set(schema, layout);
  return layout;
}

function first<T>(
  items: readonly T[],
  find: (item: T, index: number) => string | undefined,
): string | undefined {
  for (const [index, item] of items.entries()) {
    const found = find(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** AWS writes member names with a small first letter in validation messages. */
function join(path: string, name: string): string {
  const member = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  return path === "" ? member : `${path}.${member}`;
}
