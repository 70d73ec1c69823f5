import { FromStringShapeDeserializer } from "@smithy/core/protocols";
import type { NormalizedSchema } from "@smithy/core/schema";
import { textSettings } from "./codec-settings.ts";
import type { ServiceShape } from "./service-shape.ts";

/**
 * The input of a query operation from its form (`Dimensions.member.1.Name=…`): the inverse of the SDK's
 * QueryShapeSerializer. Encoding: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html; EC2's flavour has
 * flat lists, no maps and names of its own: https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
 */
export function decodeQuery(
  service: ServiceShape,
  flavour: Flavour,
  schema: NormalizedSchema,
  form: URLSearchParams,
): Record<string, unknown> {
  const reader = { strings: new FromStringShapeDeserializer(textSettings(service)), flavour };
  return schema.isStructSchema() ? readStructure(reader, schema, treeOf(form)) : {};
}

type Flavour = "awsQuery" | "ec2Query";

interface Reader {
  readonly strings: FromStringShapeDeserializer;
  readonly flavour: Flavour;
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

function read(reader: Reader, schema: NormalizedSchema, node: Node): unknown {
  if (schema.isStructSchema()) return readStructure(reader, schema, node);
  if (schema.isListSchema()) return readList(reader, schema, node);
  if (schema.isMapSchema()) return readMap(reader, schema, node);
  return reader.strings.read(schema, node.value);
}

function readStructure(reader: Reader, schema: NormalizedSchema, node: Node): Record<string, unknown> {
  const structure: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const child = node.children.get(keyOf(reader.flavour, name, member));
    if (child) structure[name] = read(reader, member, child);
  }
  return structure;
}

/** EC2 has names for its forms only, and writes the others with a capital letter. */
function keyOf(flavour: Flavour, name: string, member: NormalizedSchema): string {
  const { xmlName = name, ec2QueryName } = member.getMergedTraits();
  if (flavour === "awsQuery") return xmlName;
  if (typeof ec2QueryName === "string") return ec2QueryName;
  return `${xmlName.charAt(0).toUpperCase()}${xmlName.slice(1)}`;
}

function readList(reader: Reader, schema: NormalizedSchema, node: Node): unknown[] {
  const items = schema.getValueSchema();
  const name = items.getMergedTraits().xmlName ?? "member";
  const flat = reader.flavour === "ec2Query" || schema.getMergedTraits().xmlFlattened;
  const holder = flat ? node : (node.children.get(name) ?? node.children.get("member"));
  return numbered(holder).map((item) => read(reader, items, item));
}

function readMap(reader: Reader, schema: NormalizedSchema, node: Node): Record<string, unknown> {
  const [keys, values] = [schema.getKeySchema(), schema.getValueSchema()];
  const holder = schema.getMergedTraits().xmlFlattened ? node : node.children.get("entry");
  const empty: Node = { value: "", children: new Map() };
  return Object.fromEntries(
    numbered(holder).map(({ children }) => [
      children.get(keys.getMergedTraits().xmlName ?? "key")?.value ?? "",
      read(reader, values, children.get(values.getMergedTraits().xmlName ?? "value") ?? empty),
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
