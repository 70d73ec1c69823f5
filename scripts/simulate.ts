import { environmentOf, stageAndRun } from "../lib/drill/run-drill.ts";
import { scratchDirectory } from "../lib/drill/scratch-directory.ts";
import { brokenLaws } from "../lib/drill/simulation/invariants.ts";
import { randomNight } from "../lib/drill/simulation/random-night.ts";
import { synthesise } from "../lib/stack/synthesise.ts";
import { bundle } from "./bundle.ts";

/** `npm run sim -- [first seed] [how many]`: random nights against the laws; prints how to replay what breaks one. */
const [first = "1", count = "50"] = process.argv.slice(2);
await bundle();
const assemblies = new Map<string, string>();
const outcomes: Record<string, number> = {};
let broken = 0;
for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
  const night = randomNight(seed);
  const environment = environmentOf(night);
  const key = JSON.stringify(environment.policy);
  const assembly = assemblies.get(key) ?? synthesise(environment, scratchDirectory());
  assemblies.set(key, assembly);
  const laws = await stageAndRun(night, { assembly }).then(brokenLawsAndOutcomes, (error: unknown) => [
    `it crashed: ${String(error)} ${String((error as Error).cause ?? "")}`,
  ]);
  for (const law of laws) console.log(`seed ${seed}: ${law}`);
  broken += laws.length > 0 ? 1 : 0;
}
console.log(
  Object.entries(outcomes)
    .map(([outcome, times]) => `${outcome} ${times}`)
    .join(", "),
);
console.log(`${Number(count) - broken} passed, ${broken} failed`);
process.exitCode = broken > 0 ? 1 : 0;

async function brokenLawsAndOutcomes(night: Awaited<ReturnType<typeof stageAndRun>>): Promise<string[]> {
  for (const { outcome } of night.result.rollbacks) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  return brokenLaws(night);
}
