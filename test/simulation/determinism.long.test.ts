import { expect, it } from "vitest";
import { loadScenario } from "../../lib/drill/load-scenario.ts";
import { stageAndRun } from "../../lib/drill/run-drill.ts";
import { Random } from "../../lib/region/kernel/random.ts";

const drill = (name: string) => loadScenario(`${import.meta.dirname}/../../drills/${name}.yaml`);

async function logOf(name: string, seed: number): Promise<string> {
  const { stage } = await stageAndRun(drill(name), { seed });
  return stage.region.kernel.log.lines().join("\n");
}

it.each(["bad-release", "duplicate-and-late-events", "mover-is-killed"])(
  "the same seed gives the same log, byte for byte (%s)",
  async (name) => {
    const seed = new Random(4711).integer(1, 1_000_000);

    const [first, second] = [await logOf(name, seed), await logOf(name, seed)];

    expect(first.length).toBeGreaterThan(10_000);
    expect(second).toBe(first);
  },
);

it("another seed gives another log", async () => {
  expect(await logOf("bad-release", 2)).not.toBe(await logOf("bad-release", 3));
});
