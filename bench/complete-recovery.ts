import { loadScenario } from "../lib/drill/load-scenario.ts";
import { stageAndRun } from "../lib/drill/run-drill.ts";
import { Scenario } from "../lib/drill/scenario.ts";

const COMPONENTS = ["api", "web", "database", "frontend"] as const;

/** Virtual seconds from the lock to the end of the last wave: together, and each component alone. */
export interface CompleteRecovery {
  readonly together: number;
  readonly alone: Readonly<Record<string, number>>;
}

/** How long api, web, database and frontend take in one rollback, and each in one of its own, in the same region. */
export async function measureCompleteRecovery(
  components: readonly string[] = COMPONENTS,
): Promise<CompleteRecovery> {
  const alone: Record<string, number> = {};
  for (const component of components) alone[component] = await secondsOf([component]);
  return { together: await secondsOf(COMPONENTS), alone };
}

/** Against the longest of them, and against one after the other, as a runbook has it. */
export async function benchCompleteRecovery(): Promise<void> {
  const { together, alone } = await measureCompleteRecovery();
  const figures = Object.values(alone);
  const longest = Math.max(...figures);
  const serial = figures.reduce((sum, one) => sum + one, 0);
  console.log(`\nA complete rollback, virtual seconds: ${together.toFixed(0)}`);
  for (const [component, seconds] of Object.entries(alone)) {
    console.log(`  ${component.padEnd(10)} alone ${seconds.toFixed(0).padStart(6)}`);
  }
  console.log(`  x${(together / longest).toFixed(2)} of the longest alone`);
  console.log(`  x${(together / serial).toFixed(2)} of one after the other`);
}

async function secondsOf(scope: readonly string[]): Promise<number> {
  const { stage, result } = await stageAndRun(scenarioOf(scope));
  const [rollback] = result.rollbacks;
  if (rollback?.outcome !== "Recovered") throw new Error(`${scope.join()}: ${rollback?.sentence}`);
  const entered = stage.region.kernel.log.entries.filter(
    ({ at, event }) => event === "state entered" && at >= rollback.startedAt,
  );
  const when = (state: string) => entered.find(({ facts }) => facts["state"] === state)?.at ?? Number.NaN;
  return (when("Verify recovery") - when("Take rollback lock")) / 1_000;
}

/** The story of the drill, with a release that harms nobody: alarms would only blur what each component takes. */
function scenarioOf(scope: readonly string[]): Scenario {
  const drill = loadScenario(`${import.meta.dirname}/../drills/complete-four-components.yaml`);
  const asked = { reason: "the bench", requestedBy: "arn:aws:iam::111122223333:user/ada", scope };
  // Data alone does not tell how far it must go back.
  const moment = scope.length === 1 && scope[0] === "database" ? { target: { at: "@start+29s" } } : {};
  return Scenario.parse({
    ...{ title: drill.title, environment: drill.environment, application: drill.application },
    steps: [
      { at: "20s", do: { behave: { component: "api", version: "2.10.0", as: { errorRate: 0 } } } },
      { at: "30s", do: { deploy: { component: "api", version: "2.10.0" } } },
      { at: "35s", do: { deploy: { component: "web", version: "2.10.0" } } },
      { at: "40s", do: { deployFrontend: { version: "2.10.0" } } },
      { at: "4m", do: { start: { ...asked, ...moment } } },
      ...(scope.includes("database") ? [{ at: "5m", do: { approve: { as: "SeniorEngineer" } } }] : []),
    ],
    expect: {},
    limit: "5h",
  });
}

if (import.meta.main) await benchCompleteRecovery();
