import { bundle } from "../../scripts/bundle.ts";
import { loadScenario } from "../drill/load-scenario.ts";
import { type DrillResult, passed } from "../drill/result.ts";
import { runDrill } from "../drill/run-drill.ts";
import type { Scenario } from "../drill/scenario.ts";
import { type Played, variantsOf } from "../drill/variants.ts";
import { Progress } from "./progress.ts";
import { storyOf, tellLine } from "./story.ts";
import { summaryOf } from "./summary.ts";
import { UsageError } from "./usage-error.ts";

export interface PlayOptions {
  readonly json?: boolean;
  readonly seed?: string;
  readonly variant?: string;
}

/**
 * Plays a drill, or each of its variants, for a person or, with `json`, for a machine. Exit code 0 only when every
 * expectation held.
 */
export async function playDrill(file: string, options: PlayOptions): Promise<void> {
  const { json = false, seed } = options;
  const chosen = chosenFrom(variantsOf(loadScenario(file)), options.variant, file);
  const progress = new Progress(process.stderr, { quiet: json });
  progress.say("Bundling the functions");
  await bundle();
  const results: [variant: string | undefined, result: DrillResult][] = [];
  for (const { variant, scenario } of chosen) {
    const result = await play(scenario, seed === undefined ? scenario.seed : seedOf(seed), progress, json);
    if (!json) process.stdout.write(storyOf(result));
    results.push([variant, result]);
  }
  if (json) process.stdout.write(`${JSON.stringify(jsonOf(results), null, 2)}\n`);
  process.exitCode = results.every(([, result]) => passed(result)) ? 0 : 1;
}

function chosenFrom(all: readonly Played[], wanted: string | undefined, file: string): readonly Played[] {
  if (wanted === undefined) return all;
  const chosen = all.filter(({ variant }) => variant === wanted);
  if (chosen.length > 0) return chosen;
  const names = all.flatMap(({ variant }) => variant ?? []).join(", ");
  throw new UsageError(`${file} has no variant "${wanted}"; it has ${names === "" ? "none" : names}.`);
}

async function play(
  scenario: Scenario,
  seed: number,
  progress: Progress,
  quiet: boolean,
): Promise<DrillResult> {
  progress.say(
    "Building the stage: boardroom 2.9.5 is deployed, Stepback beside it, and the release bakes until it is proven",
  );
  let heading = false;
  const result = await runDrill(scenario, {
    seed,
    onTold(entry, startedAt) {
      progress.clear();
      if (quiet) return;
      if (!heading) process.stdout.write(`\n${scenario.title}\n\n`);
      heading = true;
      process.stdout.write(`${tellLine(entry, startedAt)}\n`);
      progress.turn("The clock runs");
    },
  });
  progress.clear();
  return result;
}

/** One object whatever was played. */
function jsonOf(results: readonly (readonly [variant: string | undefined, result: DrillResult])[]): object {
  const [first] = results;
  if (first && results.length === 1) return summaryOf(first[1]);
  return { variants: Object.fromEntries(results.map(([variant, result]) => [variant, summaryOf(result)])) };
}

function seedOf(text: string): number {
  const seed = Number(text);
  if (Number.isInteger(seed) && seed >= 0) return seed;
  throw new UsageError(`--seed takes a whole number from 0 on, not "${text}".`);
}
