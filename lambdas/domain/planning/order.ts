import type { Move } from "../../contracts/plan.ts";
import { isData, ownerOf, type Part, type Phase, partsOf, pausedBy, type Situation } from "./parts.ts";
import { NO_RELATIONS } from "./relations.ts";

/**
 * Puts the parts of all moves into waves: everything as early as what must come before it allows. Parts of a circle come
 * last and together; `circle` names their components, and nobody should carry that plan out.
 */
export function wavesOf(situation: Situation): {
  readonly waves: readonly (readonly Part[])[];
  readonly circle: readonly string[];
} {
  const parts = partsOf(situation);
  const before = new Map(parts.map((part) => [part, new Set<Part>()]));
  for (const [first, then] of precedences(parts, situation)) {
    if (first !== then) before.get(then)?.add(first);
  }
  holdSlowPreparations(parts, before, situation);
  const waves: Part[][] = [];
  const waiting = new Set(parts);
  while (waiting.size > 0) {
    const ready = [...waiting].filter((part) =>
      [...(before.get(part) ?? [])].every((one) => !waiting.has(one)),
    );
    if (ready.length === 0) {
      return {
        waves: [...waves, [...waiting]],
        circle: [...new Set([...waiting].map((part) => part.component))],
      };
    }
    for (const part of ready) waiting.delete(part);
    waves.push(ready);
  }
  return { waves, circle: [] };
}

type Precedence = readonly [first: Part, then: Part];

function precedences(parts: readonly Part[], situation: Situation): Precedence[] {
  const of = (component: string, ...phases: readonly Phase[]) =>
    parts.filter(
      (part) => part.component === component && (phases.length === 0 || phases.includes(part.phase)),
    );
  const all = (...phases: readonly Phase[]) => parts.filter((part) => phases.includes(part.phase));
  return situation.moves.flatMap((move) => [
    ...withinMove(of(move.component)),
    ...dependencies(move, situation, of),
    ...aroundData(move, situation, of),
    ...toServices(move, situation, of),
    ...(move.kind === "maintenance" ? aroundMaintenance(of(move.component), all) : []),
    ...(situation.strategy === "together" ? cross(all("prepare"), all("go-back", "pause", "data")) : []),
  ]);
}

type PartsOf = (component: string, ...phases: readonly Phase[]) => readonly Part[];

const cross = (first: readonly Part[], then: readonly Part[]): Precedence[] =>
  first.flatMap((one) => then.map((other): Precedence => [one, other]));

function withinMove(parts: readonly Part[]): Precedence[] {
  return parts.slice(1).map((part, index): Precedence => [parts[index] ?? part, part]);
}

function dependencies(move: Move, { relations, moves }: Situation, of: PartsOf): Precedence[] {
  const { dependsOn } = relations.get(move.component) ?? NO_RELATIONS;
  // Who only pauses and resumes stays where it is: nobody needs to wait for that, and it waits for nobody.
  const held = new Set(moves.filter((one) => one.verbs.includes("pause")).map((one) => one.component));
  if (held.has(move.component)) return [];
  const own = of(move.component, "go-back", "data");
  const mine = own.length > 0 ? own : of(move.component, "resume");
  return dependsOn
    .filter((name) => !held.has(name))
    .flatMap((name) => {
      const first = of(name, "go-back", "data");
      return cross(first.length > 0 ? first : of(name, "resume"), mine);
    });
}

/** Everything is ready → writers stop → data changes → writers run again → the data is checked through them. */
function aroundData(move: Move, situation: Situation, of: PartsOf): Precedence[] {
  if (!isData(move, situation)) return [];
  const writers = pausedBy(move, situation);
  const preparations = situation.moves
    .filter((other) => isData(other, situation) || writers.includes(other.component))
    .flatMap((other) => of(other.component, "prepare"));
  // A task that changes data works on the data that users will meet, with the password that fits it.
  const others = situation.moves.filter(
    (other) => other.kind !== "task" && sharesWriters(other, move, situation),
  );
  const first = move.kind === "task" ? others.flatMap((other) => of(other.component, "data")) : [];
  // A label moves, and moves back, in a second, a database in many minutes: what is refused quickly comes first.
  const owner = ownerOf(move, situation) ?? "";
  const { withDataOf = "" } = situation.relations.get(move.component) ?? NO_RELATIONS;
  const belonging = [
    ...cross(of(move.component, "data"), of(owner, "data")),
    ...cross(of(owner, "settle"), of(move.component, "settle")),
    ...(owner === "" ? cross(of(withDataOf, "data"), of(move.component, "data")) : []),
  ];
  const around = writers.flatMap((writer) => [
    ...cross(first, of(move.component, "data")),
    ...cross(preparations, of(writer, "pause")),
    ...cross(of(writer, "pause"), of(move.component, "data")),
    ...cross(of(move.component, "data", "settle"), of(writer, "resume")),
    ...cross(of(writer, "resume"), of(move.component, "check")),
  ]);
  return [...belonging, ...around];
}

function sharesWriters(one: Move, other: Move, situation: Situation): boolean {
  const writers = pausedBy(other, situation);
  return isData(one, situation) && pausedBy(one, situation).some((writer) => writers.includes(writer));
}

/** What services read at start changes before they start again; what they write is cleaned after they went back. */
function toServices(move: Move, situation: Situation, of: PartsOf): Precedence[] {
  const { before, after } = situation.relations.get(move.component) ?? NO_RELATIONS;
  const mine = of(move.component, "go-back", "data", "settle");
  // Until its data is back, the good release, too, would fill a fresh cache with what is damaged.
  const changed =
    move.kind === "cache"
      ? situation.moves.filter((one) => pausedBy(one, situation).some((writer) => before.includes(writer)))
      : [];
  const tied = isData(move, situation) || changed.length > 0;
  return [
    ...cross(
      changed.flatMap((one) => of(one.component, "data")),
      mine,
    ),
    ...before.flatMap((service) => {
      const first = of(service, "go-back");
      const starts = tied || first.length === 0 ? of(service, "resume") : first;
      return cross(mine, starts);
    }),
    ...after.flatMap((service) => cross(of(service, "go-back", "resume"), mine)),
  ];
}

function aroundMaintenance(parts: readonly Part[], all: (...phases: readonly Phase[]) => readonly Part[]) {
  const on = parts.filter((part) => part.phase === "maintenance-on");
  const off = parts.filter((part) => part.phase === "maintenance-off");
  const isolate = parts.filter((part) => part.phase === "isolate");
  return [
    ...cross(all("prepare"), on),
    ...cross(on, all("pause", "data")),
    ...cross(all("data", "settle", "resume", "check"), off),
    ...cross(isolate, all("go-back", "prepare", "pause", "data")),
  ];
}

/**
 * Slow preparations were started at the beginning; waiting for their end comes after everything that need not wait for
 * them, so that a barrier between waves holds up nothing quick. And nobody is stopped, no page shown, before everything
 * is done that can be done without: users wait only for data.
 */
function holdSlowPreparations(
  parts: readonly Part[],
  before: ReadonlyMap<Part, Set<Part>>,
  { strategy }: Situation,
): void {
  const behind = (part: Part, phases: ReadonlySet<Phase>, seen = new Set<Part>()): boolean => {
    if (phases.has(part.phase)) return true;
    if (seen.has(part)) return false;
    seen.add(part);
    return [...(before.get(part) ?? [])].some((one) => behind(one, phases, seen));
  };
  const ahead = (phases: ReadonlySet<Phase>) =>
    parts.filter((part) => QUICK.has(part.phase) && !behind(part, phases));
  const hold = (held: ReadonlySet<Phase>, first: readonly Part[]) => {
    for (const part of parts.filter(({ phase }) => held.has(phase))) {
      for (const one of first) before.get(part)?.add(one);
    }
  };
  if (strategy === "fast-first") hold(new Set(["prepare"]), ahead(new Set(["prepare"])));
  const stops = new Set<Phase>(["maintenance-on", "pause"]);
  if (strategy === "fast-first") hold(stops, ahead(new Set([...stops, "data"])));
}

const QUICK: ReadonlySet<Phase> = new Set(["go-back", "isolate"]);
