import { stageAndRun } from "../lib/drill/run-drill.ts";
import { brokenLaws } from "../lib/drill/simulation/invariants.ts";
import { randomNight } from "../lib/drill/simulation/random-night.ts";
import { bundle } from "./bundle.ts";

/** `npm run sim -- [first seed] [how many]`: random nights against the laws; prints how to replay what breaks one. */
const [first = "1", count = "50"] = process.argv.slice(2);
await bundle();
const outcomes: Record<string, number> = {};
let broken = 0;
for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
  const night = randomNight(seed);
  const laws = await stageAndRun(night).then(brokenLawsAndOutcomes, (error: unknown) => [
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
