/**
 * A JSON path of the forms that EventBridge takes and this region models: `$`, `$.a.b-c`, `$.list[0].x`,
 * `$['a b']`.
 */
export type JsonPath = readonly (string | number)[];

const STEP = /\.([A-Za-z0-9_\-/]+)|\[(\d+)\]|\['([^']+)'\]/y;

/** The path's steps, or undefined when its form (wildcards, filters, slices) is not modelled. */
export function parseJsonPath(text: string): JsonPath | undefined {
  if (!text.startsWith("$")) return undefined;
  const steps: (string | number)[] = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex < text.length) {
    const match = STEP.exec(text);
    if (!match) {
      STEP.lastIndex = 0;
      return undefined;
    }
    const [, name, index, quoted] = match;
    steps.push(index === undefined ? (name ?? quoted ?? "") : Number(index));
  }
  STEP.lastIndex = 0;
  return steps;
}

/** The value at the path; undefined when the document has nothing there. */
export function valueAt(document: unknown, path: JsonPath): unknown {
  let value = document;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}
