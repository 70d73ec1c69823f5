import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Stage } from "./make-stage.ts";
import { settings } from "./random-schedules.ts";
import { makeScheduledStage, settingsOf } from "./scheduled-stage.ts";

type Trouble = Readonly<{ effect: "lost-reply" | "refused" | "throttle" | "server-error"; call: number }>;

const troubles = fc.record({
  calls: fc.array(
    fc.record({
      effect: fc.constantFrom("lost-reply", "refused", "throttle", "server-error"),
      call: fc.nat(60),
    }),
    { maxLength: 6 },
  ),
  writes: fc.uniqueArray(fc.nat(20), { maxLength: 6 }),
  seed: fc.nat(1_000),
});

const NAMES = ["digest", "jobs/digest", "jobs/nightly"];

/** Pauses and ends with `verbs`, while calls and writes meet trouble: the settings before, in the pause, and afterwards. */
async function through(
  stage: Stage,
  names: readonly string[],
  verbs: readonly ("resume" | "confirm" | "tidy")[],
  trouble: { readonly calls: readonly Trouble[]; readonly writes: readonly number[] },
) {
  const all = () => Promise.all(names.map((name) => settingsOf(stage, name)));
  await stage.region.forSeconds(1_000);
  const before = await all();
  const move = await stage.plan();
  stage.restrictTo([{ Effect: "Allow", Action: "*", Resource: "*" }]);
  for (const { effect, call } of trouble.calls)
    stage.faults.add({ service: "scheduler", principalIncludes: "mover", skip: call, times: 1, effect });
  stage.crashingWrites = new Set(trouble.writes);
  const ends = [await stage.run(move, ["pause"])];
  const paused = await all();
  ends.push(await stage.run(move, verbs));
  return { before, paused, after: await all(), ends: ends.map(({ status }) => status) };
}

describe("schedules of any shape", () => {
  it("are as they were after a pause, whatever goes wrong on the way; who was disabled stays so", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(settings, { minLength: 1, maxLength: 3 }),
        troubles,
        fc.boolean(),
        async (shapes, { seed, ...trouble }, tidied) => {
          const made = Object.fromEntries(shapes.map((shape, index) => [NAMES[index] ?? "", shape]));
          const names = Object.keys(made);
          const stage = await makeScheduledStage(made, { seed, updateTakesPastStart: "always" });

          const verbs = tidied ? (["tidy"] as const) : (["resume", "confirm"] as const);
          const { before, paused, after, ends } = await through(stage, names, verbs, trouble);

          expect(ends).toEqual(["done", "done"]);
          expect(after).toEqual(before);
          expect(paused).toEqual(before.map((one) => ({ ...one, State: "DISABLED" })));
          const rested = names.filter((_, index) => before[index]?.["State"] === "DISABLED");
          const touched = stage
            .mutations("UpdateSchedule")
            .map(({ GroupName, Name }) => `${GroupName}/${Name}`);
          for (const name of rested)
            expect(touched).not.toContain(name.includes("/") ? name : `default/${name}`);
        },
      ),
      { numRuns: 60 },
    );
  }, 120_000);

  it("come back when the function is killed before whichever entry of the journal, and after any call", async () => {
    const made = {
      digest: { StartDate: undefined },
      "jobs/digest": { State: "DISABLED" },
      "jobs/nightly": {},
    };
    const writes = Array.from({ length: 14 }, (_, write) => ({ calls: [], writes: [write] }));
    const lost = Array.from({ length: 24 }, (_, call) => ({
      calls: [{ effect: "lost-reply" as const, call }],
      writes: [],
    }));
    for (const trouble of [...writes, ...lost]) {
      const stage = await makeScheduledStage(made);

      const { before, after, ends } = await through(stage, Object.keys(made), ["resume", "confirm"], trouble);

      expect(ends).toEqual(["done", "done"]);
      expect(after).toEqual(before);
    }
  }, 120_000);
});
