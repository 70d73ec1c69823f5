import type { Action, Move, WayOut } from "../../contracts/plan.ts";
import type { Verb } from "../../contracts/vocabulary.ts";
import { isData, type Part, type Phase, type Situation } from "./parts.ts";

/** An action with nothing in its way. */
const action = (
  component: string,
  verbs: readonly Verb[],
  unlessHalfWay: readonly string[] = [],
): Action => ({
  component,
  verbs: [...verbs],
  needs: [],
  unlessHalfWay: [...unlessHalfWay],
  startOnly: false,
});

/**
 * The mirror of the waves: last first, each part answered by its reverse. Data goes back to where it was while its
 * writers are paused; a service that was moved and paused is reverted where it was paused, so that it starts once. It is
 * asked again where it was moved, which is all that happens when the rollback never came to pausing it.
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
    resume: ["pause"],
    check: [],
    "maintenance-off": ["cutOver"],
  };
  const verbs = reverse[part.phase];
  if (verbs.length === 0) return [];
  const halfWay = part.phase === "pause" || part.phase === "maintenance-on" ? dataOf(situation) : [];
  return [action(part.component, verbs, halfWay)];
}

/**
 * What happens after every failure, whatever was reached: data is not left half way, services run and have their own
 * settings again, maintenance mode is off. Where a person must finish a half-done change, writers stay stopped and
 * users keep the maintenance page.
 */
export function closingOf(waves: readonly (readonly Part[])[], situation: Situation): WayOut[] {
  const begun = (component: string) => {
    const first = waves.findIndex((wave) => wave.some((part) => part.component === component));
    return first < 0 ? 0 : first + 1;
  };
  const isMaintenance = (move: Move) => move.kind === "maintenance";
  const slow = (move: Move) => isData(move, situation) || move.prepareSeconds > 0;
  const groups = [
    {
      why: "unused copies are removed",
      moves: situation.moves.filter((move) => !isMaintenance(move) && slow(move)),
      // Their preparation was started before any wave.
      after: () => 0,
      halfWay: [],
    },
    {
      why: "services run with their own settings",
      moves: situation.moves.filter((move) => !isMaintenance(move) && !slow(move)),
      after: begun,
      halfWay: dataOf(situation),
    },
    {
      why: "maintenance mode is off",
      moves: situation.moves.filter((move) => isMaintenance(move) && move.verbs.includes("tidy")),
      after: begun,
      halfWay: dataOf(situation),
    },
  ];
  return groups.flatMap(({ why, moves, after, halfWay }) => {
    if (moves.length === 0) return [];
    const earliest = Math.min(...moves.map((move) => after(move.component)));
    return [
      { why, actions: moves.map((move) => action(move.component, ["tidy"], halfWay)), after: earliest },
    ];
  });
}

const dataOf = (situation: Situation) =>
  situation.moves.filter((move) => isData(move, situation)).map((move) => move.component);
