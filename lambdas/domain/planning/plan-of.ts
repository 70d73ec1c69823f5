import type { Action, Move, Plan, Verdict, Wave } from "../../contracts/plan.ts";
import type { Verb } from "../../contracts/vocabulary.ts";
import { hashOf } from "./hash.ts";
import { needsOf, waitsFor } from "./needs.ts";
import { wavesOf } from "./order.ts";
import type { Part, Phase, Situation } from "./parts.ts";
import type { Relations } from "./relations.ts";
import { closingOf, wayBack } from "./ways-out.ts";

export interface PlanOptions {
  readonly strategy?: "fast-first" | "together";
  /** Prepare for real, then throw away. */
  readonly rehearse?: boolean;
}

export interface Planned {
  readonly plan: Plan;
  /** Components that wait for one another: a plan with a circle must not be carried out. */
  readonly circle: readonly string[];
}

/**
 * Makes a plan of moves: a component goes back after those it depends on; what does not depend on one another goes
 * together; data changes while its writers are paused. Dependencies on components outside the plan are already where
 * they should be.
 */
export function planOf(
  all: readonly Move[],
  verdicts: readonly Verdict[],
  relations: ReadonlyMap<string, Relations>,
  { strategy = "fast-first", rehearse = false }: PlanOptions = {},
): Planned {
  if (rehearse) return { plan: rehearsalOf(all, verdicts), circle: [] };
  const situation: Situation = { moves: all, relations, strategy };
  const moves = all.map((move) => {
    const names = waitsFor(move, situation);
    return names.length > 0 ? { ...move, waitsFor: [...names] } : move;
  });
  const { waves: parts, circle } = wavesOf(situation);
  const early = startedAtOnce(parts);
  const waves = parts.map((wave, index) => waveOf(wave, index === 0 ? early : [], situation));
  const plan = {
    hash: hashOf({ moves, waves }),
    moves,
    waves,
    back: wayBack(parts, situation),
    closing: closingOf(parts, situation),
    verdicts: [...verdicts],
    estimateSeconds: estimateOf(parts, early),
  };
  return { plan, circle };
}

function waveOf(parts: readonly Part[], early: readonly Part[], situation: Situation): Wave {
  const why = [...new Set(parts.map((part) => WHY[part.phase]))].join(", ");
  const begun = early.map((part) => ({ ...actionOf(part, situation), startOnly: true }));
  return { why, actions: [...begun, ...parts.map((part) => actionOf(part, situation))] };
}

const WHY: Readonly<Record<Phase, string>> = {
  isolate: "attackers are cut off",
  "go-back": "goes back",
  prepare: "copies are made and checked",
  "maintenance-on": "users see the maintenance page",
  pause: "writers stop",
  data: "data goes back",
  settle: "data and its password fit",
  resume: "writers run again",
  check: "data is checked through the application",
  "maintenance-off": "users are let in again",
};

const actionOf = (part: Part, situation: Situation): Action => ({
  component: part.component,
  verbs: [...part.verbs],
  ...needsOf(part, situation),
  startOnly: false,
});

/** Preparations that would have to wait for other waves are begun in the first one, beside its own work. */
function startedAtOnce(waves: readonly (readonly Part[])[]): Part[] {
  return waves
    .slice(1)
    .flat()
    .filter((part) => part.phase === "prepare" && part.seconds > 0);
}

/** Waves follow one another; what was started at once has been running since the beginning. */
function estimateOf(waves: readonly (readonly Part[])[], begun: readonly Part[]): number {
  const early = new Set(begun.map((one) => one.component));
  return waves.reduce((elapsed, wave) => {
    const ends = wave.map((part) =>
      part.phase === "prepare" && early.has(part.component)
        ? Math.max(elapsed, part.seconds)
        : elapsed + part.seconds,
    );
    return Math.max(elapsed, ...ends);
  }, 0);
}

/** Only what makes something is rehearsed: the rest has nothing to measure. */
function rehearsalOf(all: readonly Move[], verdicts: readonly Verdict[]): Plan {
  const moves = all.filter((move) => move.prepareSeconds > 0);
  const actions = (...verbs: Verb[]): Action[] =>
    moves.map(({ component }) => ({
      component,
      verbs,
      needs: [],
      serves: [],
      ifFailed: [],
      unlessHalfWay: [],
      startOnly: false,
    }));
  const waves: Wave[] =
    moves.length === 0
      ? []
      : [
          { why: "copies are made and checked", actions: actions("prepare") },
          { why: "copies are thrown away", actions: actions("discard") },
        ];
  const closing =
    moves.length === 0
      ? []
      : [{ why: "copies are thrown away", actions: actions("tidy", "discard"), after: 1 }];
  return {
    hash: hashOf({ moves, waves }),
    moves,
    waves,
    back: [],
    closing,
    verdicts: [...verdicts],
    estimateSeconds: Math.max(0, ...moves.map((move) => move.prepareSeconds)),
  };
}
