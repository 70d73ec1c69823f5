import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeTask, makeTaskStage } from "../unit/task/make-task-stage.ts";

const EFFECTS = ["lost-reply", "refused", "throttle", "server-error"] as const;

const nights = fc.record({
  seed: fc.nat(1_000),
  /** Whether the first answer of RunTask is lost. */
  lost: fc.boolean(),
  /** Calls that fail, by their number, and how. */
  calls: fc.array(fc.record({ effect: fc.constantFrom(...EFFECTS), call: fc.nat(12) }), { maxLength: 6 }),
  /** Writes of the journal before which the function is killed. */
  writes: fc.uniqueArray(fc.nat(6), { maxLength: 3 }),
  exitCode: fc.constantFrom(0, 0, 1, 137),
  starts: fc.boolean(),
  /** How long nobody ticks after the first one, seconds: also longer than ECS remembers. */
  pause: fc.constantFrom(0, 10, 400, 1_900, 3 * 3_600),
  safeToRepeat: fc.boolean(),
});

/** The answer is lost, and nobody looks until ECS has forgotten both the task and the token. */
const FORGOTTEN: typeof nights extends fc.Arbitrary<infer Night> ? Night : never = {
  ...{ seed: 1, lost: true, calls: [], writes: [], exitCode: 0, starts: true },
  ...{ pause: 3 * 3_600, safeToRepeat: false },
};

function trouble(
  { faults, crashes }: Awaited<ReturnType<typeof makeTaskStage>>,
  {
    lost,
    calls,
    writes,
  }: {
    readonly lost: boolean;
    readonly calls: readonly { readonly effect: (typeof EFFECTS)[number]; readonly call: number }[];
    readonly writes: readonly number[];
  },
): void {
  if (lost) faults.add({ operation: "RunTask", times: 1, effect: "lost-reply" });
  for (const { effect, call } of calls) faults.add({ skip: call, times: 1, effect });
  for (const write of writes) crashes.add(write);
}

describe("a task of a rollback", () => {
  it("is started at most once unless it may be repeated, and done means exit code 0", async () => {
    await fc.assert(
      fc.asyncProperty(nights, async ({ exitCode, starts, pause, safeToRepeat, ...night }) => {
        const broken = starts ? {} : { failsToStart: "ResourceInitializationError" };
        const stage = await makeTaskStage({ seed: night.seed, exitCode, ...broken });
        const move = await stage.plan(makeTask({ safeToRepeat }));
        trouble(stage, night);

        await stage
          .driver()
          .tick("cutOver", move)
          .catch(() => undefined);
        await stage.world.forSeconds(pause);
        const end = await stage.run(move);
        // What was asked for last begins some time later.
        await stage.world.forSeconds(120);

        if (!safeToRepeat) expect(stage.launches.length).toBeLessThanOrEqual(1);
        expect(stage.launches.length).toBeLessThanOrEqual(3);
        if (end.status === "done")
          expect([starts, exitCode, stage.launches.length > 0]).toEqual([true, 0, true]);
        if (pause < 1_000) expect(end.status).toBe(starts && exitCode === 0 ? "done" : "failed");
        expect(await stage.run(move)).toEqual(end);
      }),
      { numRuns: 40, examples: [[FORGOTTEN]] },
    );
  }, 60_000);

  it("is started never by its way out, whatever was lost before", async () => {
    await fc.assert(
      fc.asyncProperty(nights, async ({ pause, ...night }) => {
        const stage = await makeTaskStage({ seed: night.seed });
        const move = await stage.plan(makeTask({ changesData: false }));
        trouble(stage, night);
        await stage
          .driver()
          .tick("cutOver", move)
          .catch(() => undefined);
        const asked = stage.accepted();
        await stage.world.forSeconds(pause);

        await stage.run(move, ["tidy"]);
        await stage.run(move, ["revert"]);

        expect(stage.accepted()).toBe(asked);
      }),
      { numRuns: 20 },
    );
  }, 60_000);
});
