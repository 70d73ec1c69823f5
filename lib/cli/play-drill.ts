import { bundle } from "../../scripts/bundle.ts";
import { loadScenario } from "../drill/load-scenario.ts";
import { passed } from "../drill/result.ts";
import { runDrill } from "../drill/run-drill.ts";
import { Progress } from "./progress.ts";
import { storyOf, tellLine } from "./story.ts";
import { summaryOf } from "./summary.ts";
import { UsageError } from "./usage-error.ts";

export interface PlayOptions {
  readonly json?: boolean;
  readonly seed?: string;
}

/** Plays a drill for a person or, with `json`, for a machine. Exit code 0 only when every expectation held. */
export async function playDrill(file: string, { json = false, seed }: PlayOptions): Promise<void> {
  const scenario = loadScenario(file);
  const chosen = seed === undefined ? scenario.seed : seedOf(seed);
  const progress = new Progress(process.stderr, { quiet: json });
  progress.say("Bundling the functions");
  await bundle();
  progress.say(
    "Building the stage: boardroom 2.9.5 is deployed, Stepback beside it, and the release bakes until it is proven",
  );
  let heading = false;
  const result = await runDrill(scenario, {
    seed: chosen,
    onTold(entry, startedAt) {
      progress.clear();
      if (json) return;
      if (!heading) process.stdout.write(`\n${scenario.title}\n\n`);
      heading = true;
      process.stdout.write(`${tellLine(entry, startedAt)}\n`);
      progress.turn("The clock runs");
    },
  });
  progress.clear();
  process.stdout.write(json ? `${JSON.stringify(summaryOf(result), null, 2)}\n` : storyOf(result));
  process.exitCode = passed(result) ? 0 : 1;
}

function seedOf(text: string): number {
  const seed = Number(text);
  if (Number.isInteger(seed) && seed >= 0) return seed;
  throw new UsageError(`--seed takes a whole number from 0 on, not "${text}".`);
}
