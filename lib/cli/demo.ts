import { Command } from "commander";
import { type PlayOptions, playDrill } from "./play-drill.ts";

/** `stepback demo`: the main job, watched. */
export function demoCommand(): Command {
  return new Command("demo")
    .description(
      "Deploy a sample application and Stepback into a simulated region, release a bad version, watch it go back",
    )
    .option("--json", "print one JSON object instead of the story")
    .option("--seed <number>", "another world with the same laws")
    .action((options: PlayOptions) =>
      playDrill(`${import.meta.dirname}/../../drills/bad-release.yaml`, options),
    );
}
