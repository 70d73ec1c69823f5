import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../lib/drill/load-scenario.ts";
import { stageAndRun } from "../../lib/drill/run-drill.ts";
import { Permissions } from "./permissions.ts";

const directory = `${import.meta.dirname}/../../drills`;
const files = readdirSync(directory).filter((file) => file.endsWith(".yaml"));
const permissions = new Permissions();

/** Every shipped drill, with the real templates, the real bundles and enforced policies. */
describe("drills", () => {
  for (const file of files) {
    const scenario = loadScenario(`${directory}/${file}`);

    it(`${scenario.title} (${file})`, async () => {
      const { stage, result } = await stageAndRun(scenario);

      permissions.note(stage.region.identities);
      const broken = result.checks.filter((check) => !check.held);
      expect(broken).toEqual([]);
    });
  }

  it("between them use every action that the stack grants", () => {
    expect(permissions.grantedButUnused()).toEqual([]);
  });

  it("use nothing that is granted only by a wildcard", () => {
    expect(permissions.usedWithoutBeingNamed()).toEqual([]);
  });
});
