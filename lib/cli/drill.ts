import { Command } from "commander";
import type { PlayOptions } from "./play-drill.ts";
import { JSON_HELP } from "./summary.ts";

/** `stepback drill <scenario.yaml>`: any other night (docs/drills.md). */
export function drillCommand(): Command {
  return new Command("drill")
    .description("Play a scenario against the simulated region and compare with what it expects")
    .argument("<scenario>", "a scenario file, like drills/bad-release-twice.yaml")
    .option("--json", "print one JSON object instead of the story")
    .option("--seed <number>", "another world with the same laws")
    .option("--variant <name>", "play only this variant of the story, instead of all of them")
    .addHelpText("after", JSON_HELP)
    .action(async (file: string, options: PlayOptions) => {
      // Loaded when needed: the region and the CDK would make every other command wait for a second.
      const { playDrill } = await import("./play-drill.ts");
      await playDrill(file, options);
    });
}
