import { compileLeafRule, type Leaf, type LeafRule, PatternError } from "./leaf-rule.ts";

/**
 * An event pattern, compiled once and asked often.
 *
 * A field matches when any entry of its array matches; all fields must match; `$or` takes one of its
 * alternatives. Arrays of the event are "crushed out": a field inside an array of objects matches when one
 * element has it, and two fields of the same array must come from the same element. `exists` looks at leaves
 * only, so an object under the name counts as absent. Source: README of github.com/aws/event-ruler, "Exists
 * matching" and "JSON Array Matching".
 */
export class EventPattern {
  readonly #branches: readonly Branch[];

  private constructor(branches: readonly Branch[]) {
    this.#branches = branches;
  }

  /** @throws PatternError with AWS's reason when the pattern is not valid */
  static parse(text: string): EventPattern {
    let pattern: unknown;
    try {
      pattern = JSON.parse(text);
    } catch {
      throw new PatternError("Filter is not an object");
    }
    return EventPattern.of(pattern);
  }

  /** @throws PatternError with AWS's reason when the pattern is not valid */
  static of(pattern: unknown): EventPattern {
    if (!isRecord(pattern)) throw new PatternError("Filter is not an object");
    return new EventPattern(branchesOf(pattern, []));
  }

  matches(event: unknown): boolean {
    const fields = new Map<string, Occurrence[]>();
    collectLeaves(event, [], new Map(), fields, { arrays: 0 });
    return this.#branches.some((branch) => satisfied(branch, 0, fields, new Map()));
  }
}

/** One alternative of the pattern: every condition must hold. */
type Branch = readonly Condition[];

interface Condition {
  /** The field's path as JSON, so that a dot inside a name is not a step. */
  readonly field: string;
  readonly rules: readonly LeafRule[];
}

/** In which element of which array a leaf lies. */
type Membership = ReadonlyMap<number, number>;

interface Occurrence {
  readonly value: Leaf;
  readonly membership: Membership;
}

function branchesOf(pattern: Readonly<Record<string, unknown>>, path: readonly string[]): Branch[] {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new PatternError("Empty objects are not allowed");
  return entries.reduce<Branch[]>(
    (branches, [name, value]) => combined(branches, alternativesOf(name, value, path)),
    [[]],
  );
}

function alternativesOf(name: string, value: unknown, path: readonly string[]): Branch[] {
  if (name === "$or") return orAlternatives(value, path);
  const field = [...path, name];
  if (Array.isArray(value)) {
    if (value.length === 0) throw new PatternError("Empty arrays are not allowed");
    return [[{ field: JSON.stringify(field), rules: value.map(compileLeafRule) }]];
  }
  if (isRecord(value)) return branchesOf(value, field);
  throw new PatternError(`"${name}" must be an object or an array`);
}

/**
 * Names that cannot be fields directly under `$or` (event-ruler, RESERVED_FIELD_NAMES_IN_OR_RELATIONSHIP).
 */
const RESERVED_UNDER_OR = [
  "exact",
  "prefix",
  "suffix",
  "wildcard",
  "equals-ignore-case",
  "anything-but",
  "numeric",
  "cidr",
  "exists",
];

function orAlternatives(value: unknown, path: readonly string[]): Branch[] {
  if (!Array.isArray(value)) throw new PatternError("It must be an Array followed with $or.");
  if (value.length < 2) throw new PatternError("There must have at least 2 Objects in $or relationship.");
  return value.flatMap((alternative: unknown) => {
    if (!isRecord(alternative)) {
      throw new PatternError("Only JSON object is allowed in array of $or relationship.");
    }
    const reserved = Object.keys(alternative).find((name) => RESERVED_UNDER_OR.includes(name));
    if (reserved)
      throw new PatternError(`${reserved} is Ruler reserved fieldName which cannot be used inside $or.`);
    return branchesOf(alternative, path);
  });
}

function combined(left: readonly Branch[], right: readonly Branch[]): Branch[] {
  return left.flatMap((one) => right.map((other) => [...one, ...other]));
}

/** Looks for one leaf per condition such that no two lie in different elements of the same array. */
function satisfied(
  branch: Branch,
  index: number,
  fields: ReadonlyMap<string, readonly Occurrence[]>,
  chosen: Membership,
): boolean {
  const condition = branch[index];
  if (!condition) return true;
  const occurrences = fields.get(condition.field) ?? [];
  const toleratesAbsence = condition.rules.some((rule) => rule.kind === "exists" && !rule.expected);
  if (occurrences.length === 0) return toleratesAbsence && satisfied(branch, index + 1, fields, chosen);
  return occurrences.some((occurrence) => {
    if (!condition.rules.some((rule) => accepts(rule, occurrence.value))) return false;
    const merged = mergedMembership(chosen, occurrence.membership);
    return merged !== undefined && satisfied(branch, index + 1, fields, merged);
  });
}

function accepts(rule: LeafRule, value: Leaf): boolean {
  return rule.kind === "value" ? rule.matches(value) : rule.expected;
}

function mergedMembership(one: Membership, other: Membership): Membership | undefined {
  const merged = new Map(one);
  for (const [array, element] of other) {
    if ((merged.get(array) ?? element) !== element) return undefined;
    merged.set(array, element);
  }
  return merged;
}

function collectLeaves(
  value: unknown,
  path: readonly string[],
  membership: Membership,
  fields: Map<string, Occurrence[]>,
  counter: { arrays: number },
): void {
  if (Array.isArray(value)) {
    const array = counter.arrays++;
    for (const [element, item] of value.entries()) {
      collectLeaves(item, path, new Map([...membership, [array, element]]), fields, counter);
    }
    return;
  }
  if (isRecord(value)) {
    for (const [name, child] of Object.entries(value)) {
      collectLeaves(child, [...path, name], membership, fields, counter);
    }
    return;
  }
  if (isLeaf(value)) {
    const field = JSON.stringify(path);
    const occurrences = fields.get(field) ?? [];
    occurrences.push({ value, membership });
    fields.set(field, occurrences);
  }
}

function isLeaf(value: unknown): value is Leaf {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
