import { describe, expect, it } from "vitest";
import { loadScenario } from "../../lib/drill/load-scenario.ts";
import { stageAndRun } from "../../lib/drill/run-drill.ts";

/** Code and data together; `npm run test:long` plays all drills of environments/complete.yaml. */
const FIRST = ["data-corruption"];

describe("the whole application", () => {
  it.each(FIRST)("goes back as drills/%s.yaml tells", async (name) => {
    const { result } = await stageAndRun(loadScenario(`${import.meta.dirname}/../../drills/${name}.yaml`));

    expect(result.checks.filter((check) => !check.held)).toEqual([]);
  });
});
