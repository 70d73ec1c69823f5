import { describe, expect, it } from "vitest";
import { NOW } from "../cloudfront/make-frontend.ts";
import { makeStage } from "./make-stage.ts";

const FIRST = new Date(NOW - 2 * 3_600_000).toISOString();

describe("a frontend of thousands of objects", () => {
  it("goes on where the invocation before ended, without a second copy of anything", async () => {
    const stage = makeStage({
      release: { strategy: "versioned-bucket" },
      configuration: { probe: undefined },
      site: { files: 1_200, changedAssets: 1_050 },
    });
    await stage.checkpoint("cp-1", FIRST);
    const move = await stage.plan();
    // Each request takes so long that a tick's time is over after one part.
    stage.faults.add({ service: "s3", operation: "ListObjectVersions", effect: { delayMs: 21_000 } });
    stage.faults.add({ service: "s3", operation: "CopyObject", effect: { delayMs: 2_000 } });

    const ticks: string[] = [];
    for (const verb of ["prepare", "cutOver"] as const) {
      for (let status = "working"; status === "working"; ) {
        const tick = await stage.tick(verb, move);
        status = tick.status;
        ticks.push(`${verb} ${tick.note.replace(/ of .*| up to .*/, "")}`);
        if (tick.status === "working") await stage.wait(tick.waitSeconds);
        if (stage.entries.has("forth-placed")) status = "done";
      }
    }

    expect(ticks.filter((note) => note.startsWith("prepare Comparing")).length).toBeGreaterThan(0);
    expect(ticks).toContain("cutOver Copied 1");
    const copied = stage.calls("CopyObject").map(({ input }) => String(input["Key"]));
    expect(new Set(copied).size).toBe(copied.length);
    expect(copied.length).toBe(1_050 + 5);
    expect(stage.viewers.request(stage.Id, "/").release).toBe("r1");
  });
});
