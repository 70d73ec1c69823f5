import { isJsonObject, type Json, type JsonObject } from "../json.ts";

/** A state as it stands in the JSON, with where it stands. Field types were checked by `checkFields`. */
export interface RawState {
  readonly name: string;
  readonly type: string;
  readonly fields: JsonObject;
  readonly location: string;
}

/** The machine itself, a branch or a Map body. */
export interface RawGroup {
  readonly location: string;
  readonly startAt: string;
  readonly states: readonly RawState[];
  /** The Parallel or Map state around it, and the group that state is in. */
  readonly within?: { readonly group: RawGroup; readonly state: RawState };
}

/** Every group of a definition, outer ones before inner ones. */
export function groupsIn(definition: JsonObject): readonly RawGroup[] {
  const groups: RawGroup[] = [];
  const visit = (raw: JsonObject, location: string, within?: RawGroup["within"]): void => {
    const group: RawGroup = {
      location,
      startAt: String(raw["StartAt"]),
      states: statesOf(raw, location),
      ...(within && { within }),
    };
    groups.push(group);
    for (const state of group.states) {
      for (const inner of innerGroups(state)) visit(inner.raw, inner.location, { group, state });
    }
  };
  visit(definition, "");
  return groups;
}

/** The bodies of a Parallel or Map state. */
export function innerGroups({ fields, location }: Pick<RawState, "fields" | "location">): readonly {
  readonly raw: JsonObject;
  readonly location: string;
}[] {
  const { Branches, ItemProcessor } = fields;
  const branches = objects(Branches).map((raw, index) => ({
    raw,
    location: `${location}/Branches[${index}]`,
  }));
  return isJsonObject(ItemProcessor)
    ? [...branches, { raw: ItemProcessor, location: `${location}/ItemProcessor` }]
    : branches;
}

/** The objects of a list field; nothing when the field is absent. */
export function objects(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** Where a state goes, over which field, and what it assigns on that way. */
interface Edge {
  readonly to: string;
  readonly field: string;
  readonly assigned: readonly string[];
}

export function edgesOf({ fields }: RawState): readonly Edge[] {
  const edge = (source: JsonObject, key: string, field: string): Edge[] => {
    const to = source[key];
    return typeof to === "string" ? [{ to, field, assigned: assignedBy(source) }] : [];
  };
  return [
    ...edge(fields, "Next", "Next"),
    ...edge(fields, "Default", "Default"),
    ...objects(fields["Choices"]).flatMap((rule, index) => edge(rule, "Next", `Choices[${index}]/Next`)),
    ...objects(fields["Catch"]).flatMap((catcher, index) => edge(catcher, "Next", `Catch[${index}]/Next`)),
  ];
}

function assignedBy({ Assign }: JsonObject): readonly string[] {
  return isJsonObject(Assign) ? Object.keys(Assign) : [];
}

/** Every `Assign` object of a state, with its field. */
export function assignsOf({
  fields,
}: RawState): readonly { readonly field: string; readonly names: readonly string[] }[] {
  const own = { field: "Assign", names: assignedBy(fields) };
  const inner = (key: string) =>
    objects(fields[key]).map((source, index) => ({
      field: `${key}[${index}]/Assign`,
      names: assignedBy(source),
    }));
  return [own, ...inner("Choices"), ...inner("Catch")].filter(({ names }) => names.length > 0);
}

function statesOf(raw: JsonObject, location: string): readonly RawState[] {
  const { States } = raw;
  if (!isJsonObject(States)) return [];
  return Object.entries(States).flatMap(([name, fields]) =>
    isJsonObject(fields)
      ? [{ name, type: String(fields["Type"]), fields, location: `${location}/States/${name}` }]
      : [],
  );
}
