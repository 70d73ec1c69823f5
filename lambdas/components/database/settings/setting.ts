/**
 * Until when a setting of the copy may differ from the source's: `prepared` ones are right before anybody looks at the
 * copy, `live` ones are put on with the cut-over.
 */
export type Phase = "prepared" | "live";

/** How much is compared: what has to be right in a phase, or what those feel who use the database. */
export type Extent = Phase | "felt";

/**
 * One setting of a database as data: how to read it, and by which calls a copy gets it. Without `restore` the default of
 * a restore is the source's, or the restore cannot say it; without `modify` nothing can change it afterwards.
 */
export interface Setting<Resource, Restore, Modify> {
  /** As people call it. */
  readonly name: string;
  /** Its value, for comparison and for people: the same text exactly when nobody could tell two values apart. */
  readonly of: (resource: Resource) => string;
  readonly restore?: (source: Resource) => Partial<Restore>;
  readonly modify?: (source: Resource, copy: Resource) => Partial<Modify>;
  readonly rightWhen: Phase;
  /** Nobody who uses the database feels it: it may be set when users are there already (docs/adr/0016). */
  readonly mayComeLater?: true;
}

/** What a restore must say so that the copy becomes like the source. */
export function restoreMembers<Resource, Restore extends object, Modify>(
  table: readonly Setting<Resource, Restore, Modify>[],
  source: Resource,
): Partial<Restore> {
  return merged(table.map(({ restore }) => restore?.(source) ?? {}));
}

/** Everything that differs, belongs to this phase and can be modified, for one call; undefined when there is nothing. */
export function modifyMembers<Resource, Restore, Modify extends object>(
  table: readonly Setting<Resource, Restore, Modify>[],
  source: Resource,
  copy: Resource,
  phase: Phase,
): Partial<Modify> | undefined {
  const differing = table.filter(({ rightWhen, of }) => rightWhen === phase && of(source) !== of(copy));
  const members = merged(differing.map(({ modify }) => modify?.(source, copy) ?? {}));
  return Object.keys(members).length > 0 ? members : undefined;
}

/** What is not as it should be, a sentence each. */
export function differencesOf<Resource, Restore, Modify>(
  table: readonly Setting<Resource, Restore, Modify>[],
  source: Resource,
  copy: Resource,
  extent: Extent,
): readonly string[] {
  return table
    .filter(({ rightWhen, mayComeLater }) =>
      extent === "felt" ? !mayComeLater : extent === "live" || rightWhen === "prepared",
    )
    .filter(({ of }) => of(source) !== of(copy))
    .map(({ name, of }) => `${name} is ${of(copy)}, not ${of(source)}`);
}

export const shown = (value: string | number | boolean | undefined): string => String(value ?? "none");

export const isOn = (value: boolean | undefined): string => (value ? "on" : "off");

/** A list in which order means nothing. */
export function listed(values: readonly string[] | undefined): string {
  return [...(values ?? [])].sort().join(", ") || "none";
}

/** Members of a request that are said only when the source has a value for them. */
export function when<Members>(value: unknown, members: Members): Partial<Members> {
  return value === undefined || value === "" ? {} : members;
}

/** Which exports to switch on and off, so that a copy's become the source's. */
export function logExports(source: readonly string[] = [], copy: readonly string[] = []) {
  return {
    CloudwatchLogsExportConfiguration: {
      EnableLogTypes: source.filter((type) => !copy.includes(type)),
      DisableLogTypes: copy.filter((type) => !source.includes(type)),
    },
  };
}

/**
 * Whether a copy's engine is an older patch of the same major version: then it may be brought forward to the source's.
 * Going further, or back, is not ours to decide.
 */
export function isOlderPatch(engine: string, copy = "", source = ""): boolean {
  const [mine, theirs] = [numbersOf(copy), numbersOf(source)];
  const first = theirs.findIndex((number, index) => number !== mine[index]);
  return first >= majorNumbers(engine) && (mine[first] ?? 0) < (theirs[first] ?? 0);
}

/** Whether two versions of an engine can run with the same parameter group. */
export function isSameMajor(engine: string, one: string, other: string): boolean {
  const majorOf = (version: string) => numbersOf(version).slice(0, majorNumbers(engine)).join(".");
  return majorOf(one) === majorOf(other);
}

const numbersOf = (version: string) => (version.match(/\d+/g) ?? []).map(Number);

/** PostgreSQL counts majors by the first number, the others by the first two. */
const majorNumbers = (engine: string) => (engine.includes("postgres") ? 1 : 2);

function merged<Members extends object>(parts: readonly Partial<Members>[]): Partial<Members> {
  const all: Partial<Members> = {};
  for (const part of parts) Object.assign(all, part);
  return all;
}
