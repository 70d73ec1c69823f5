import { expect, it } from "vitest";
import { stageAndRun } from "../../lib/drill/run-drill.ts";
import { brokenLaws } from "../../lib/drill/simulation/invariants.ts";
import { randomNight } from "../../lib/drill/simulation/random-night.ts";

/** A handful on every run; `npm run sim -- 1 1000` plays as many as you have time for. */
const NIGHTS = 10;

/** Nights that once broke a law, each with what it found. */
const FOUND: readonly { readonly seed: number; readonly sentence: string }[] = [
  { seed: 10, sentence: "a lost reply of Lambda to Step Functions is an error that the workflow retries" },
  { seed: 5007, sentence: "a lock that the workflow could not give back is given back by the clean-up" },
  { seed: 23, sentence: "an announcement that never reached SNS does not stop the rollback" },
];

it.each(Array.from({ length: NIGHTS }, (_, index) => index + 1))(
  "no law is broken in the night of seed %i",
  async (seed) => {
    expect(await brokenLaws(await stageAndRun(randomNight(seed)))).toEqual([]);
  },
);

it.each(FOUND)("seed $seed: $sentence", async ({ seed }) => {
  expect(await brokenLaws(await stageAndRun(randomNight(seed)))).toEqual([]);
});
