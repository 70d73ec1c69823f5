import { changedIn } from "../../../lib/drill/world.ts";
import { type Calls, type Trouble, troubleFor, wordsOf } from "./kills.ts";
import { Night } from "./night.ts";
import { type World, worldOf } from "./world.ts";

/** What came of a seed. */
export interface Played {
  /** What was chosen and planned, in words: for whoever looks at a failure. */
  readonly story: string;
  /** How the law was broken; empty when it holds. */
  readonly broken: readonly string[];
  /** Kills and stops that happened. */
  readonly struck: number;
}

/**
 * Rollback, then undo: the world is as it was. A first round trip meets no trouble and tells what every function calls; in
 * the second, functions are killed at calls of theirs, or the execution is stopped and goes on. A seed in
 * which nothing strikes proves nothing.
 */
export async function playSeed(seed: number): Promise<Played> {
  const world = worldOf(seed);
  const night = await Night.begin(world);
  const calm = await roundTrip(night, world, CALM, CALM);
  if (calm.broken.length > 0) return { story: world.words, broken: calm.broken, struck: 0 };
  // What the clean-up has thrown away, or let run again, is not taken up where it stopped.
  const redrives = world.scope.every((name) => REDRIVEN.includes(name))
    ? (["redrive", "redrive at once"] as const)
    : [];
  const back = troubleFor(world, calm.back, [...redrives, "start anew"]);
  const forth = troubleFor(world, calm.forth, [...redrives, "start anew"]);
  const troubled = await roundTrip(night, world, back, forth);
  const broken = [...troubled.broken, ...(await night.brokenLaws())];
  const story = [world.words, ...wordsOf(back), "then", ...wordsOf(forth)].join("; ");
  return { story, broken, struck: sizeOf(back) + sizeOf(forth) - troubled.idle };
}

/** A scope of these pauses nobody and makes no copies. */
const REDRIVEN = ["api", "web", "flags", "cache", "smoke"];
const CALM: Trouble = { kills: [] };
const sizeOf = ({ kills, stop }: Trouble) => kills.length + (stop ? 1 : 0);

interface Trip {
  readonly broken: readonly string[];
  readonly idle: number;
  readonly back: Calls;
  readonly forth: Calls;
}

async function roundTrip(night: Night, world: World, back: Trouble, forth: Trouble): Promise<Trip> {
  const before = await night.snapshot();
  const first = night.epoch();
  const rolledBack = await night.through(back, (stop) => night.rollBack(stop));
  const between = await night.snapshot();
  const second = night.epoch();
  const undone = await night.through(forth, (stop) => night.undo(rolledBack.rollbackIds, stop));
  const after = await night.snapshot();
  const third = night.epoch();

  const laws: readonly (readonly [string, unknown, unknown])[] = [
    ["the rollback ends", rolledBack.outcome, "Recovered"],
    ["the undo ends", undone.outcome, "Recovered"],
    ["these went back", changedIn(before, between), world.changing],
    ["these are not as before", changedIn(before, after), []],
    // Clean again: nobody reads what was written before, nor what the older release wrote.
    ["the epoch grows", [second - first, third - second], world.cleans ? "each time" : [0, 0]],
  ];
  const holds = (found: unknown, wanted: unknown) =>
    wanted === "each time" ? (found as number[]).every((step) => step > 0) : same(found, wanted);
  return {
    broken: laws.flatMap(([law, found, wanted]) =>
      holds(found, wanted) ? [] : [`${law}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`],
    ),
    idle: rolledBack.idle.length + undone.idle.length,
    back: rolledBack.calls,
    forth: undone.calls,
  };
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
