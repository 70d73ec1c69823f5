import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NOW } from "../cloudfront/make-frontend.ts";
import { makeStage, type Stage, type StageOptions } from "./make-stage.ts";

const FIRST = new Date(NOW - 2 * 3_600_000).toISOString();

const STAGES: Readonly<Record<string, { readonly options: StageOptions; readonly target: string }>> = {
  pointer: {
    target: "r1",
    options: { release: { strategy: "pointer" }, pointer: "r2", site: { layout: "shared-assets", files: 9 } },
  },
  "origin path": {
    target: "r1",
    options: {
      release: { strategy: "origin-path", origin: "web" },
      site: { layout: "releases", files: 9 },
      distribution: { originPath: "/releases/r2" },
    },
  },
  "bucket with versions": {
    target: FIRST,
    options: {
      release: { strategy: "versioned-bucket", deletes: true },
      site: { files: 9, hashedNames: true },
    },
  },
  "bucket whose assets keep their names": {
    target: FIRST,
    options: { release: { strategy: "versioned-bucket", deletes: true }, site: { files: 9 } },
  },
};

const EFFECTS = ["lost-reply", "refused", "throttle", "server-error"] as const;

const troubles = fc.record({
  calls: fc.array(fc.record({ effect: fc.constantFrom(...EFFECTS), skip: fc.nat(50) }), { maxLength: 8 }),
  writes: fc.uniqueArray(fc.nat(9), { maxLength: 5 }),
  seed: fc.nat(1_000),
});

const releases = (stage: Stage) =>
  stage.viewers.edges
    .map((edge) => stage.viewers.visit(stage.Id, edge))
    .map(({ release, broken }) => ({ release, broken }));

const everywhere = (release: string) => Array.from({ length: 3 }, () => ({ release, broken: [] }));

describe.each(Object.entries(STAGES))("a %s", (_, { options, target }) => {
  it("reaches its end, and the way back its beginning, through lost replies, throttling and crashes", async () => {
    let struck = 0;
    await fc.assert(
      fc.asyncProperty(troubles, async ({ calls, writes, seed }) => {
        const stage = makeStage({ ...options, seed });
        await stage.checkpoint("cp-1", target);
        const before = stage.content();
        const move = await stage.plan();
        releases(stage);
        for (const { effect, skip } of calls) stage.faults.add({ skip, times: 1, effect });
        stage.crashes.before = new Set(writes);

        const end = await stage.run(move);
        await stage.wait(60);

        expect(end).toMatchObject({ status: "done", verb: "confirm" });
        expect(releases(stage)).toEqual(everywhere("r1"));

        const back = await stage.run(move, ["revert"]);
        await stage.wait(60);

        expect(back).toMatchObject({ status: "done", verb: "revert" });
        expect(stage.content()).toEqual(before);
        expect(releases(stage)).toEqual(everywhere("r2"));
        expect(stage.kernel.log.entries.filter(({ event }) => event === "version destroyed")).toEqual([]);
        struck += calls.length - stage.faults.unstruck().length;
      }),
      { numRuns: 6 },
    );
    expect(struck).toBeGreaterThan(0);
  });

  it("does nothing a second time: done stays done for every verb", async () => {
    const stage = makeStage(options);
    await stage.checkpoint("cp-1", target);
    const move = await stage.plan();
    expect((await stage.run(move)).status).toBe("done");
    await stage.run(move, ["revert"]);
    const calls = stage.endpoint.calls.length;

    for (const verb of ["prepare", "cutOver", "revert", "discard", "tidy", "pause", "resume"] as const) {
      expect(await stage.tick(verb, move)).toMatchObject({ status: "done", verb });
    }

    expect(stage.endpoint.calls.slice(calls).filter(({ mutating }) => mutating)).toEqual([]);
  });
});
