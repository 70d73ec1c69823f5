import { expect, it } from "vitest";
import { playFailure } from "./undo/play-failure.ts";
import { playOutage } from "./undo/play-outage.ts";
import { playSeed } from "./undo/play-seed.ts";
import { playWayBack } from "./undo/play-way-back.ts";
import { isWished, LONGEST_MS, SEEDS } from "./undo/seeds.ts";

/** Seeds that found something, each with a sentence. */
const FOUND: readonly number[] = [
  // Stopped when the copy had taken over: started again, it was refused, as that copy's backups begin later.
  36,
  // Stopped between two renames: the clean-up gave up after five minutes and let users in.
  45,
  // Stopped when a writer had arrived by being started again: nobody remembered that it had gone back.
  1027,
  // An undo came while RDS set what the copy had lacked, and was refused.
  2002,
];

/** Nights in which RDS takes hours for the first backup of a copy, and everybody else as long as it likes. */
const SLOW: readonly number[] = isWished ? [] : [3_001, 3_011];

it.each([...SEEDS, ...FOUND, ...SLOW])(
  "a rollback and its undo leave the world as it was (seed %i)",
  async (seed) => {
    const { broken, story, struck } = await playSeed(seed);

    expect(broken, story).toEqual([]);
    expect(struck, story).toBeGreaterThan(0);
  },
  LONGEST_MS,
);

it.each([
  ...SEEDS,
  // The way back of a database behind a proxy waited for a password that waited for the database.
  101,
])(
  "a rollback that fell short leaves what works, and its undo the world as it was (seed %i)",
  async (seed) => {
    const { broken, story, struck } = await playFailure(seed);

    expect(broken, story).toEqual([]);
    expect(struck, story).toBe(true);
  },
  LONGEST_MS,
);

it.each(
  isWished
    ? SEEDS
    : [
        // The password did not follow its database, and nobody could put that right without moving data again.
        2,
        // The database could not be taken back, and the newer code started on the older data.
        7,
        // The page stayed up, and the message did not say so.
        23,
        // A schedule stayed disabled, and only the last words of a line in the table said so.
        1020,
      ],
)(
  "a rollback that can neither go on nor back leaves what works, or says what does not, and its undo puts it right (seed %i)",
  async (seed) => {
    const { broken, story, struck } = await playWayBack(seed);

    expect(broken, story).toEqual([]);
    expect(struck || isWished, story).toBe(true);
  },
  LONGEST_MS,
);

it.each(
  isWished
    ? SEEDS
    : [
        // ECS was out when the writers were to run again, and nobody asked again.
        7,
        // The ledger was out: no record, no undo, and a clean-up that gave up after half a minute.
        13,
        // The load balancer was out when the page was to go off.
        30,
        // RDS was out while the database was cut over.
        37,
      ],
)(
  "a rollback outlasts an outage of AWS, or is put right after it, and its undo leaves the world as it was (seed %i)",
  async (seed) => {
    const { broken, story, struck } = await playOutage(seed);

    expect(broken, story).toEqual([]);
    expect(struck || isWished, story).toBe(true);
  },
  LONGEST_MS,
);
