import { Command } from "commander";
import type { PlayOptions } from "./play-drill.ts";
import { JSON_HELP } from "./summary.ts";

/** `stepback demo`: the main job, watched. */
export function demoCommand(): Command {
  return new Command("demo")
    .description(
      "Deploy a sample application and Stepback into a simulated region, release a bad version, watch it go back",
    )
    .option("--json", "print one JSON object instead of the story")
    .option("--seed <number>", "another world with the same laws")
    .addHelpText("after", JSON_HELP)
    .action(async (options: PlayOptions) => {
      // Loaded when needed: the region and the CDK would make every other command wait for a second.
      const { playDrill } = await import("./play-drill.ts");
      await playDrill(`${import.meta.dirname}/../../drills/bad-release.yaml`, options);
    });
}
