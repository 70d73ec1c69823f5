import { globSync, readdirSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../lib/drill/load-scenario.ts";
import { stageAndRun } from "../../lib/drill/run-drill.ts";
import { variantsOf } from "../../lib/drill/variants.ts";
import { Permissions } from "./permissions.ts";

const root = `${import.meta.dirname}/../..`;
const directory = `${root}/drills`;

/**
 * Plays every shipped drill of one environment, with the real templates, the real bundles and enforced policies, and
 * compares what was granted with what was used, both ways.
 *
 * @param elsewhere grants that no drill of this environment uses, by function and action, and the file that proves them
 */
export function playDrills(environment: string, elsewhere: Readonly<Record<string, string>>): void {
  const permissions = new Permissions();
  const drills = readdirSync(directory)
    .filter((file) => file.endsWith(".yaml"))
    .flatMap((file) =>
      variantsOf(loadScenario(`${directory}/${file}`)).map((played) => ({ file, ...played })),
    )
    .filter(({ scenario }) => scenario.environment === environment);

  describe(`the drills of environments/${environment}.yaml`, () => {
    for (const { file, scenario } of drills) {
      it(`${scenario.title} (${file})`, async () => {
        const { stage, result } = await stageAndRun(scenario);

        permissions.note(stage.region.identities);
        const broken = result.checks.filter((check) => !check.held);
        expect(broken).toEqual([]);
      });
    }

    it("use every action that the stack grants, but for those that are proven elsewhere", () => {
      const unused = permissions.grantedButUnused().map(byFunction).sort();

      expect(unused).toEqual(Object.keys(elsewhere).sort());
      const proofs = [...new Set(Object.values(elsewhere))];
      expect(proofs.filter((file) => globSync(file, { cwd: root }).length === 0)).toEqual([]);
    });

    it("use nothing that is granted only by a wildcard", () => {
      expect(permissions.usedWithoutBeingNamed()).toEqual([]);
    });
  });
}

const FUNCTIONS = globSync("lambdas/steps/*.ts", { cwd: root }).map((file) =>
  basename(file, ".ts").replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase()),
);

/** `MoveDatabase rds:DescribeEvents`: CloudFormation cuts a role's name and puts a hash behind it. */
function byFunction(entry: string): string {
  const [role = "", action = ""] = entry.split(" ");
  const name = FUNCTIONS.find((one) => role.includes(`Functions${one}`)) ?? machineOf(role);
  return `${name} ${action}`;
}

/** `CleanUpMachine` of `Stepback-example-CleanUpMachineRoleEB4AA216`. */
const machineOf = (role: string) => role.replace(/^Stepback-[a-z]+-|Role[0-9A-F]{8}$/g, "");
