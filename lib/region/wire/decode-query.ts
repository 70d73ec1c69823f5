import { FromStringShapeDeserializer } from "@smithy/core/protocols";
import type { NormalizedSchema } from "@smithy/core/schema";
import { textSettings } from "./codec-settings.ts";
import type { ServiceShape } from "./service-shape.ts";

/**
 * The input of an awsQuery operation from its form (`Dimensions.member.1.Name=…`): the inverse of the SDK's
 * QueryShapeSerializer. Encoding: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function decodeQuery(
  service: ServiceShape,
  schema: NormalizedSchema,
  form: URLSearchParams,
): Record<string, unknown> {
  const strings = new FromStringShapeDeserializer(textSettings(service));
  return schema.isStructSchema() ? readStructure(strings, schema, treeOf(form)) : {};
}

interface Node {
  value: string;
  readonly children: Map<string, Node>;
}

function treeOf(form: URLSearchParams): Node {
  const root: Node = { value: "", children: new Map() };
  for (const [key, value] of form) {
    let node = root;
    for (const part of key.split(".")) {
      const child = node.children.get(part) ?? { value: "", children: new Map() };
      node.children.set(part, child);
      node = child;
    }
    node.value = value;
  }
  return root;
}

function read(strings: FromStringShapeDeserializer, schema: NormalizedSchema, node: Node): unknown {
  if (schema.isStructSchema()) return readStructure(strings, schema, node);
  if (schema.isListSchema()) return readList(strings, schema, node);
  if (schema.isMapSchema()) return readMap(strings, schema, node);
  return strings.read(schema, node.value);
}

function readStructure(
  strings: FromStringShapeDeserializer,
  schema: NormalizedSchema,
  node: Node,
): Record<string, unknown> {
  const structure: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const child = node.children.get(member.getMemberTraits().xmlName ?? name);
    if (child) structure[name] = read(strings, member, child);
  }
  return structure;
}

function readList(strings: FromStringShapeDeserializer, schema: NormalizedSchema, node: Node): unknown[] {
  const items = schema.getValueSchema();
  const name = items.getMergedTraits().xmlName ?? "member";
  const holder = schema.getMergedTraits().xmlFlattened
    ? node
    : (node.children.get(name) ?? node.children.get("member"));
  return numbered(holder).map((item) => read(strings, items, item));
}

function readMap(
  strings: FromStringShapeDeserializer,
  schema: NormalizedSchema,
  node: Node,
): Record<string, unknown> {
  const [keys, values] = [schema.getKeySchema(), schema.getValueSchema()];
  const holder = schema.getMergedTraits().xmlFlattened ? node : node.children.get("entry");
  const empty: Node = { value: "", children: new Map() };
  return Object.fromEntries(
    numbered(holder).map(({ children }) => [
      children.get(keys.getMergedTraits().xmlName ?? "key")?.value ?? "",
      read(strings, values, children.get(values.getMergedTraits().xmlName ?? "value") ?? empty),
    ]),
  );
}

/** The children `1`, `2`, … in order. */
function numbered(node: Node | undefined): Node[] {
  return [...(node?.children ?? [])]
    .filter(([key]) => /^\d+$/.test(key))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);
}
