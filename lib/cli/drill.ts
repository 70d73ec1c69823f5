import { Command } from "commander";
import { type PlayOptions, playDrill } from "./play-drill.ts";

/** `stepback drill <scenario.yaml>`: any other night (docs/drills.md). */
export function drillCommand(): Command {
  return new Command("drill")
    .description("Play a scenario against the simulated region and compare with what it expects")
    .argument("<scenario>", "a scenario file, like drills/bad-release-twice.yaml")
    .option("--json", "print one JSON object instead of the story")
    .option("--seed <number>", "another world with the same laws")
    .action((file: string, options: PlayOptions) => playDrill(file, options));
}
