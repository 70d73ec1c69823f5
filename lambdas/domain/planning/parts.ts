import type { Move } from "../../contracts/plan.ts";
import type { Verb } from "../../contracts/vocabulary.ts";
import { NO_RELATIONS, type Relations } from "./relations.ts";

/** What happens in one part of a move; a part stands in one wave. */
export const PHASES = [
  "isolate",
  "go-back",
  "prepare",
  "maintenance-on",
  "pause",
  "data",
  "settle",
  "resume",
  "check",
  "maintenance-off",
] as const;
export type Phase = (typeof PHASES)[number];

/** Some verbs of one move that belong into one wave. */
export interface Part {
  readonly component: string;
  readonly phase: Phase;
  readonly verbs: readonly Verb[];
  /** Seconds, for the plan's estimate. */
  readonly seconds: number;
}

export interface Situation {
  readonly moves: readonly Move[];
  readonly relations: ReadonlyMap<string, Relations>;
  readonly strategy: "fast-first" | "together";
}

/** A paused task is drained first, for up to the deregistration delay: 300 seconds by default (docs/facts/ecs.md §5.3). */
const PAUSE_SECONDS = 300;

/**
 * Cuts every move into the parts that belong into different waves. Most moves are one part. What moves data is prepared
 * first, then changes while its writers are paused, and is checked once they run again; writers are paused and resumed.
 */
export function partsOf(situation: Situation): Part[] {
  return situation.moves.flatMap((move) => partsOfMove(move, situation));
}

function partsOfMove(move: Move, situation: Situation): Part[] {
  const part = (phase: Phase, verbs: readonly Verb[], seconds: number): Part => ({
    component: move.component,
    phase,
    verbs,
    seconds,
  });
  const rest = move.estimateSeconds - move.prepareSeconds;
  const early = preparesEarly(move, situation) && move.verbs.includes("prepare");
  const preparation = early ? [part("prepare", ["prepare"], move.prepareSeconds)] : [];
  const verbs = early ? move.verbs.filter((verb) => verb !== "prepare") : move.verbs;
  const seconds = early ? rest : move.estimateSeconds;

  if (move.kind === "maintenance") {
    if (!move.verbs.includes("tidy")) return [part("isolate", verbs, seconds)];
    return [part("maintenance-on", ["cutOver"], seconds), part("maintenance-off", ["tidy"], 0)];
  }
  if (isData(move, situation)) {
    const change = verbs.filter((verb) => verb !== "confirm");
    const check = verbs.includes("confirm") ? [part("check", ["confirm"], 0)] : [];
    // Before writers start with a password, it fits the data, whatever failed of the two.
    const settle = partnersOf(move, situation).length > 0 ? [part("settle", ["tidy"], 0)] : [];
    return [...preparation, part("data", change, seconds), ...settle, ...check];
  }
  if (!isPaused(move.component, situation)) return [...preparation, part("go-back", verbs, seconds)];
  const pause = part("pause", ["pause"], PAUSE_SECONDS);
  if (move.verbs.includes("pause")) return [pause, part("resume", ["resume", "confirm"], seconds)];
  if (goesBackFirst(move, situation)) {
    return [
      ...preparation,
      part("go-back", verbs, seconds),
      pause,
      part("resume", ["resume", "confirm"], seconds),
    ];
  }
  // The bad version never starts again: resuming starts the target, in one call (DESIGN §5).
  const ready = early ? preparation : [part("prepare", ["prepare"], 0)];
  return [...ready, pause, part("resume", ["resume", "confirm"], seconds)];
}

/** Moves that stop writers: databases, tasks on their data, and the secrets that belong to them. */
export function isData(move: Move, { relations, moves }: Situation): boolean {
  const { pauses, withDataOf } = relations.get(move.component) ?? NO_RELATIONS;
  if (withDataOf !== undefined) return moves.some((other) => other.component === withDataOf);
  return pauses.length > 0 || (move.tier === "data" && move.kind !== "task");
}

/** After a breach a password goes forward: it is made anew, in the data that users will meet, whatever became of that. */
const rotatesForward = ({ kind, details }: Move): boolean => kind === "secret" && details["way"] === "rotate";

/** The database that a password goes back with, or the passwords that go back with a database; of the plan's moves. */
export function partnersOf(move: Move, situation: Situation): string[] {
  const owner = ownerOf(move, situation);
  const belonging = situation.moves.filter((one) => ownerOf(one, situation) === move.component);
  return [...(owner === undefined ? [] : [owner]), ...belonging.map(({ component }) => component)];
}

/** The database of the plan that a password goes back with; none for one that rotates forward. */
export function ownerOf(move: Move, { relations, moves }: Situation): string | undefined {
  const { withDataOf } = relations.get(move.component) ?? NO_RELATIONS;
  if (rotatesForward(move)) return undefined;
  return moves.find((one) => one.component === withDataOf)?.component;
}

/** Services that stop while something is cut over. */
export function pausedBy(move: Move, situation: Situation): readonly string[] {
  const { pauses, withDataOf } = situation.relations.get(move.component) ?? NO_RELATIONS;
  const owner = withDataOf === undefined ? undefined : situation.relations.get(withDataOf);
  return [...pauses, ...(isData(move, situation) ? (owner?.pauses ?? []) : [])];
}

function isPaused(component: string, situation: Situation): boolean {
  return situation.moves.some((move) => pausedBy(move, situation).includes(component));
}

/** A preparation that takes longer than a usual deployment would hold up the others of its wave. */
const SLOW_SECONDS = 300;

/** Slow preparations have a wave of their own, so that they hold up nobody; together, everybody prepares first. */
function preparesEarly(move: Move, situation: Situation): boolean {
  return situation.strategy === "together" || move.prepareSeconds >= SLOW_SECONDS || isData(move, situation);
}

/** A writer goes back before its data does, unless it waits for that data or all shall go together. */
export function goesBackFirst(move: Move, situation: Situation): boolean {
  if (situation.strategy === "together") return false;
  const waitsFor = dependenciesOf(move.component, situation.relations);
  return !situation.moves.some((other) => waitsFor.has(other.component) && isData(other, situation));
}

function dependenciesOf(component: string, relations: ReadonlyMap<string, Relations>): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (name: string) => {
    for (const next of relations.get(name)?.dependsOn ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      visit(next);
    }
  };
  visit(component);
  return found;
}
