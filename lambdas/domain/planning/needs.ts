import type { Action, Move } from "../../contracts/plan.ts";
import { goesBackFirst, isData, ownerOf, type Part, partnersOf, pausedBy, type Situation } from "./parts.ts";
import { NO_RELATIONS, type Relations } from "./relations.ts";

export type Needs = Pick<Action, "needs" | "serves" | "ifFailed" | "unlessHalfWay">;

/**
 * What a part cannot do without, so that with onFailure `continue` nothing goes on that makes matters worse. Where one of
 * its needs failed, or was left out itself, the part is left out and its component stays where it is:
 *
 * - what a component depends on, and what must have gone back before it;
 * - data goes back only under writers that went back and stand still, together with the passwords that belong to it;
 * - who failed is neither paused nor resumed: the way out puts it right.
 *
 * What a service reads at start is no need: the good release on the newer settings is the lesser evil. Who thinks
 * otherwise writes it into `dependsOn`.
 */
export function needsOf({ component, phase }: Part, situation: Situation): Needs {
  const move = situation.moves.find((one) => one.component === component);
  if (!move) return NOTHING;
  const { after } = relationsOf(move, situation);
  const data = situation.moves.filter((one) => isData(one, situation));
  const halfWay = data.map((one) => one.component);
  switch (phase) {
    case "isolate":
      return NOTHING;
    case "go-back":
      return {
        ...needing(component, [...dependenciesIn(move, situation), ...present(after, situation)]),
        serves: move.stays ? readFor(move, situation) : [],
      };
    case "prepare":
      return needing(component, dependenciesIn(move, situation));
    case "maintenance-on":
      return { ...NOTHING, serves: servedOf(data, situation) };
    case "pause":
      return {
        ...needing("", [component]),
        serves: servedOf(
          data.filter((one) => pausedBy(one, situation).includes(component)),
          situation,
        ),
      };
    case "data":
      return needing("", dataNeeds(move, situation));
    case "settle": {
      const ifFailed = [component, ...partnersOf(move, situation)];
      return { ...NOTHING, ifFailed, unlessHalfWay: ownersOf(move, situation) };
    }
    case "resume": {
      const dependencies = arrivesByResuming(move, situation) ? dependenciesIn(move, situation) : [];
      return { ...needing("", [component, ...dependencies]), unlessHalfWay: halfWay };
    }
    case "check":
      return needing("", [component, ...ownersOf(move, situation)]);
    case "maintenance-off": {
      const writers = data.flatMap((one) => pausedBy(one, situation));
      return { ...needing(component, present(writers, situation)), unlessHalfWay: halfWay };
    }
  }
}

/**
 * What a move must not outlive: a writer that was stopped comes back on its target only when what it depends on is there,
 * a password stays only with the data that it belongs to, and a cache is cleaned with the data that it was filled from.
 * Their drivers ask once more at the end, whatever ended it.
 */
export function waitsFor(move: Move, situation: Situation): readonly string[] {
  if (move.kind === "cache") return filledFrom(move, situation);
  if (isData(move, situation)) return ownersOf(move, situation);
  return arrivesByResuming(move, situation) ? dependenciesIn(move, situation) : [];
}

const NOTHING: Needs = { needs: [], serves: [], ifFailed: [], unlessHalfWay: [] };

/** @param self left out of the list: nobody waits for its own first part */
function needing(self: string, names: readonly string[]): Needs {
  return { ...NOTHING, needs: [...new Set(names)].filter((name) => name !== self) };
}

/** Of the plan's moves, those of these names. */
const present = (names: readonly string[], { moves }: Situation): string[] =>
  names.filter((name) => moves.some((move) => move.component === name));

/** What it depends on, of those that go somewhere: who only pauses and resumes stays where it is anyway. */
function dependenciesIn(move: Move, situation: Situation): string[] {
  const { dependsOn } = relationsOf(move, situation);
  const goes = (name: string) =>
    situation.moves.some((one) => one.component === name && !one.verbs.includes("pause"));
  return dependsOn.filter((name) => name !== move.component && goes(name));
}

/** A data move with everything that must be right before it: nobody moves data under a writer that is not. */
function dataNeeds(move: Move, situation: Situation): string[] {
  const { moves } = situation;
  const own = [
    move.component,
    ...dependenciesIn(move, situation),
    ...present(pausedBy(move, situation), situation),
  ];
  // A task was planned for the data that goes back: on what is there instead it could destroy something.
  const others =
    move.kind === "task" ? moves.filter((one) => one.kind !== "task" && meet(one, move, situation)) : [];
  return [...own, ...partnersOf(move, situation), ...others.map((one) => one.component)];
}

/** The databases of the plan that the services of a cache write to. */
function filledFrom(move: Move, situation: Situation): string[] {
  const { before, after } = relationsOf(move, situation);
  const services = [...before, ...after];
  return situation.moves
    .filter(
      (one) => one.kind === "database" && pausedBy(one, situation).some((name) => services.includes(name)),
    )
    .map(({ component }) => component);
}

function ownersOf(move: Move, situation: Situation): string[] {
  const owner = ownerOf(move, situation);
  return owner === undefined ? [] : [owner];
}

/** Whether two data moves stop the same writer. */
function meet(one: Move, other: Move, situation: Situation): boolean {
  const writers = pausedBy(other, situation);
  return isData(one, situation) && pausedBy(one, situation).some((writer) => writers.includes(writer));
}

/** Data moves that stop somebody, with what each needs. */
function servedOf(data: readonly Move[], situation: Situation): Needs["serves"] {
  return data
    .filter((move) => present(pausedBy(move, situation), situation).length > 0)
    .map((move) => ({ component: move.component, needs: dataNeeds(move, situation) }));
}

/** What a service starts afresh for. */
function readFor({ component }: Move, situation: Situation): Needs["serves"] {
  return situation.moves
    .filter((move) => relationsOf(move, situation).before.includes(component))
    .map((move) => ({ component: move.component, needs: [move.component] }));
}

/** A writer whose only way to its target is to start there after the pause. */
function arrivesByResuming(move: Move, situation: Situation): boolean {
  const paused = situation.moves.some((one) => pausedBy(one, situation).includes(move.component));
  return (
    paused && !isData(move, situation) && !move.verbs.includes("pause") && !goesBackFirst(move, situation)
  );
}

const relationsOf = ({ component }: Move, { relations }: Situation): Relations =>
  relations.get(component) ?? NO_RELATIONS;
