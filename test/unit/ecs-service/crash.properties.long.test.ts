import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Verb } from "../../../lambdas/contracts/vocabulary.ts";
import { makeStage, type Stage } from "./make-stage.ts";

const EFFECTS = ["lost-reply", "refused", "throttle", "server-error"] as const;

interface Trouble {
  readonly effect: (typeof EFFECTS)[number];
  readonly call: number;
}

/** Strikes calls by their number and kills the function before journal writes by theirs. */
function trouble(stage: Stage, calls: readonly Trouble[], writes: readonly number[]): void {
  for (const { effect, call } of calls) stage.faults.add({ skip: call, times: 1, effect });
  stage.crashingWrites = new Set(writes);
}

const troubles = fc.record({
  calls: fc.array(fc.record({ effect: fc.constantFrom(...EFFECTS), call: fc.nat(24) }), { maxLength: 6 }),
  writes: fc.uniqueArray(fc.nat(8), { maxLength: 4 }),
  seed: fc.nat(1_000),
});

async function running(stage: Stage): Promise<(string | undefined)[]> {
  return (await stage.region.tasks()).map((task) => task.containers?.[0]?.imageDigest);
}

/** What must hold whatever went wrong on the way. */
async function expectCareful(stage: Stage): Promise<void> {
  for (const update of stage.mutations("UpdateService")) {
    expect(update).not.toHaveProperty("desiredCount");
    expect(update).not.toHaveProperty("forceNewDeployment");
  }
  expect((await stage.region.service()).desiredCount).toBe(3);
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("a rollback that is killed and retried anywhere", () => {
  it("starts one deployment whichever answer is lost, and whichever entry of the journal", async () => {
    const lost = numbers(12).map((call) => ({
      calls: [{ effect: "lost-reply" as const, call }],
      writes: [],
    }));
    const killed = numbers(4).map((write) => ({ calls: [], writes: [write] }));
    for (const { calls, writes } of [...lost, ...killed]) {
      const stage = await makeStage();
      const move = await stage.plan();
      const before = (await stage.region.history()).length;
      trouble(stage, calls, writes);

      expect(await stage.run(move)).toMatchObject({ status: "done", verb: "confirm" });
      expect((await stage.region.history()).length - before).toBe(1);
    }
  }, 60_000);

  it("ends in the same state with one deployment, or one stop, of its own", async () => {
    await fc.assert(
      fc.asyncProperty(troubles, fc.boolean(), async ({ calls, writes, seed }, inFlight) => {
        const stage = await makeStage({ seed });
        const digest = stage.digest();
        if (inFlight) {
          await stage.region.update({ taskDefinition: (await stage.plan()).to.id });
          await stage.region.forSeconds(300);
          await stage.region.deploy("v3");
          await stage.region.forSeconds(10);
        }
        const before = (await stage.region.history()).length;
        const move = await stage.plan();
        trouble(stage, calls, writes);

        const end = await stage.run(move);

        expect(end).toMatchObject({ status: "done", verb: "confirm" });
        expect(await running(stage)).toEqual([digest, digest, digest]);
        expect((await stage.region.history()).length - before).toBe(inFlight ? 0 : 1);
        await expectCareful(stage);
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  it("registers one copy of a deregistered version", async () => {
    await fc.assert(
      fc.asyncProperty(troubles, async ({ calls, writes, seed }) => {
        const stage = await makeStage({ seed, inactiveGraceSeconds: [0, 0] });
        await stage.region.ecsCall("DeregisterTaskDefinition", { taskDefinition: "shop:1" });
        const move = await stage.plan();
        trouble(stage, calls, writes);

        const end = await stage.run(move);

        expect(end).toMatchObject({ status: "done", note: expect.stringContaining("run shop:3") });
        expect(stage.mutations("RegisterTaskDefinition")).toHaveLength(1);
        await expectCareful(stage);
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  it("puts everything back when it is reverted, from wherever it was", async () => {
    await fc.assert(
      fc.asyncProperty(troubles, fc.nat(40), async ({ calls, writes, seed }, ticks) => {
        const stage = await makeStage({ seed });
        const bad = await running(stage);
        const move = await stage.plan();
        for (let count = 0; count < ticks; count++) {
          await stage.driver().tick("cutOver", move);
          await stage.region.forSeconds(4);
        }
        trouble(stage, calls, writes);
        const revert: readonly Verb[] = ["revert"];

        expect(await stage.run(move, revert)).toMatchObject({ status: "done" });
        expect(await running(stage)).toEqual(bad);
        expect(await stage.run(move, revert)).toMatchObject({ status: "done" });
        await expectCareful(stage);
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  it("says the same again once it is done", async () => {
    const stage = await makeStage();
    const move = await stage.plan();
    const first = await stage.run(move);
    const calls = stage.mutations("UpdateService").length;

    expect(await stage.run(move)).toEqual(first);
    expect(stage.mutations("UpdateService")).toHaveLength(calls);
  });
});
