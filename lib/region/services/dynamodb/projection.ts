import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Item } from "./attribute-value.ts";
import { type DocumentPath, parsePath, readPath, refuseOverlap } from "./document-path.ts";
import type { Placeholders } from "./placeholders.ts";
import { TokenStream } from "./token-stream.ts";

export function parseProjection(text: string, placeholders: Placeholders): DocumentPath[] {
  const stream = new TokenStream("ProjectionExpression", text);
  const paths: DocumentPath[] = [];
  do paths.push(parsePath(stream, placeholders));
  while (stream.takeSymbol(","));
  stream.expectEnd();
  refuseOverlap(paths, stream);
  return paths;
}

/**
 * The parts of the item at the paths, inside the maps and lists that hold them; chosen list elements close
 * ranks.
 */
export function project(item: Item, paths: readonly DocumentPath[]): Record<string, AttributeValue> {
  const found = paths.flatMap((path) => {
    const value = readPath(item, path);
    return value === undefined ? [] : [{ path, value }];
  });
  return collect(found);
}

interface Found {
  readonly path: readonly (string | number)[];
  readonly value: AttributeValue;
}

function collect(found: readonly Found[]): Record<string, AttributeValue> {
  const entries = [...byFirstStep(found)].map(([step, below]) => [String(step), rebuild(below)] as const);
  return Object.fromEntries(entries);
}

function rebuild(found: readonly Found[]): AttributeValue {
  const whole = found.find(({ path }) => path.length === 0);
  if (whole !== undefined) return whole.value;
  const steps = byFirstStep(found);
  const isList = [...steps.keys()].every((step) => typeof step === "number");
  if (!isList) return { M: collect(found) };
  const inOrder = [...steps].sort(([a], [b]) => Number(a) - Number(b));
  return { L: inOrder.map(([, below]) => rebuild(below)) };
}

function byFirstStep(found: readonly Found[]): Map<string | number, Found[]> {
  const groups = new Map<string | number, Found[]>();
  for (const { path, value } of found) {
    const [step, ...below] = path;
    if (step === undefined) continue;
    groups.set(step, [...(groups.get(step) ?? []), { path: below, value }]);
  }
  return groups;
}
