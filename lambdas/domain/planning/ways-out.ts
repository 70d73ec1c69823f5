import type { Action, Move, WayOut } from "../../contracts/plan.ts";
import type { Verb } from "../../contracts/vocabulary.ts";
import { waitsFor } from "./needs.ts";
import { isData, type Part, type Phase, pausedBy, type Situation } from "./parts.ts";

const action = (
  component: string,
  verbs: readonly Verb[],
  unlessHalfWay: readonly string[] = [],
  needs: readonly string[] = [],
): Action => ({
  component,
  verbs: [...verbs],
  needs: [...needs],
  serves: [],
  ifFailed: [],
  unlessHalfWay: [...unlessHalfWay],
  startOnly: false,
});

/**
 * The mirror of the waves: last first, each part answered by its reverse. Data goes back to where it was while its
 * writers are paused; a service that was moved and paused is reverted where it was paused, so that it starts once. It is
 * asked again where it was moved, which is all that happens when the rollback never came to pausing it.
 *
 * What an action needs is counted on the way back alone. Data stays under a writer that could not be stopped again; and
 * where data stays, everything stays with it: the newer code never starts on the older data.
 */
export function wayBack(waves: readonly (readonly Part[])[], situation: Situation): WayOut[] {
  const mirror = waves
    .map((wave, index) => ({ wave, after: index + 1 }))
    .toReversed()
    .map(({ wave, after }) => ({ after, actions: wave.flatMap((part) => reverseOf(part, situation)) }));
  return readFirst(mirror, situation)
    .filter(({ actions }) => actions.length > 0)
    .map(({ after, actions }) => ({ why: "the way back", actions, after }));
}

interface Mirrored {
  readonly after: number;
  readonly actions: readonly Action[];
}

/**
 * What services read at start is put back before they start again, also on the way back: there the mirror alone would
 * start them with what is about to be put back.
 */
function readFirst(
  mirror: readonly Mirrored[],
  { moves, relations }: Situation,
): { after: number; actions: Action[] }[] {
  const waves = mirror.map(({ after, actions }) => ({ after, actions: [...actions] }));
  for (const { component } of moves) {
    const readers = relations.get(component)?.before ?? [];
    const from = waves.findIndex(({ actions }) => actions.some((one) => one.component === component));
    const starts = waves.findIndex(({ actions }) =>
      actions.some((one) => readers.includes(one.component) && one.verbs.includes("revert")),
    );
    const wave = waves[from];
    if (!wave || starts < 0 || from < starts) continue;
    const own = wave.actions.filter((one) => one.component === component);
    wave.actions = wave.actions.filter((one) => one.component !== component);
    waves.splice(starts, 0, { after: wave.after, actions: own });
  }
  return waves;
}

function reverseOf(part: Part, situation: Situation): Action[] {
  const move = situation.moves.find((one) => one.component === part.component);
  if (!move) return [];
  const held = move.verbs.includes("pause");
  const reverse: Readonly<Record<Phase, readonly Verb[]>> = {
    isolate: [],
    "go-back": ["revert"],
    prepare: [],
    "maintenance-on": ["tidy"],
    pause: held ? ["resume"] : ["revert"],
    data: ["revert"],
    settle: [],
    resume: ["pause"],
    check: [],
    "maintenance-off": ["cutOver"],
  };
  const verbs = reverse[part.phase];
  if (verbs.length === 0) return [];
  // A password follows its database, also when that cannot be taken back.
  const follows = part.phase === "data" ? waitsFor(move, situation) : [];
  if (follows.length > 0) return [action(part.component, ["tidy"], follows)];
  const data = dataOf(situation);
  switch (part.phase) {
    case "resume":
    case "maintenance-off":
      return [action(part.component, verbs)];
    case "data":
      return [action(part.component, verbs, [], stoppedFor(move, situation))];
    default:
      return [action(part.component, verbs, data, data)];
  }
}

/**
 * What happens after every failure, whatever was reached, quickest first: data is not left half way, passwords fit it,
 * services run and
 * have their own settings again, maintenance mode is off; at last copies that nobody uses are removed, which takes
 * minutes and keeps nobody waiting. Where a person must finish a half-done change, writers stay stopped and users keep the
 * maintenance page.
 */
export function closingOf(waves: readonly (readonly Part[])[], situation: Situation): WayOut[] {
  const { moves } = situation;
  const data = moves.filter((move) => isData(move, situation));
  const belonging = data.filter((move) => waitsFor(move, situation).length > 0);
  const leading = data.filter((move) => !belonging.includes(move));
  const pages = moves.filter((move) => move.kind === "maintenance" && move.verbs.includes("tidy"));
  const copies = moves.filter((move) => move.prepareSeconds > 0 && !data.includes(move));
  const caches = moves.filter(
    (move) => move.kind === "cache" && waitsFor(move, situation).length > 0 && !copies.includes(move),
  );
  // An epoch is read at start; a flush helps only when nobody writes the old entries again.
  const readAtStart = caches.filter((move) => situation.relations.get(move.component)?.before.length);
  const emptied = caches.filter((move) => !readAtStart.includes(move));
  const following = [...belonging, ...readAtStart];
  const apart = [...pages, ...data, ...copies, ...caches];
  const others = moves.filter((move) => move.kind !== "maintenance" && !apart.includes(move));
  const halfWay = dataOf(situation);
  const begun = (move: Move) => {
    const first = waves.findIndex((wave) => wave.some((part) => part.component === move.component));
    return first < 0 ? 0 : first + 1;
  };
  const group = (
    why: string,
    members: readonly Move[],
    actions: readonly Action[],
    soon = false,
  ): WayOut[] =>
    actions.length === 0
      ? []
      : [{ why, actions: [...actions], after: soon ? 0 : Math.min(...members.map(begun)) }];
  const tidied = (members: readonly Move[], unless: readonly string[]) =>
    members.map(({ component }) => action(component, ["tidy"], unless));
  // Preparations were started before any wave was done: what they made is removed from the first failure on.
  const removed = [
    ...leading
      .filter((move) => move.verbs.includes("prepare"))
      .map(({ component }) => action(component, ["discard"], halfWay)),
    ...tidied(copies, []),
  ];
  return [
    ...group("data is not left half way", leading, tidied(leading, []), true),
    ...group("what belongs to data goes where that is", following, tidied(following, halfWay), true),
    ...group("services run with their own settings", others, tidied(others, halfWay)),
    ...group("caches hold nothing of other data", emptied, tidied(emptied, halfWay), true),
    ...group("maintenance mode is off", pages, tidied(pages, halfWay)),
    ...group("unused copies are removed", [...data, ...copies], removed, true),
  ];
}

/** The writers of a data move that are in the plan. */
const stoppedFor = (move: Move, situation: Situation) => {
  const writers = pausedBy(move, situation);
  return situation.moves.map(({ component }) => component).filter((name) => writers.includes(name));
};

const dataOf = (situation: Situation) =>
  situation.moves.filter((move) => isData(move, situation)).map((move) => move.component);
