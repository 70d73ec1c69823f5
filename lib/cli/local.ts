import { Command } from "commander";
import type { LocalOptions } from "./serve-local.ts";

/** `stepback local`: the simulated region on loopback, for the real `aws` command line and any SDK. */
export function localCommand(): Command {
  return new Command("local")
    .description("Serve the simulated region on 127.0.0.1, with boardroom 2.9.5 running and proven")
    .option("-p, --port <number>", "where to listen; 0 takes a free one", "4510")
    .option("-e, --env <name>", "which environment to deploy (environments/<name>.yaml)", "example")
    .option("-s, --speed <number>", "virtual seconds per real second, 0.5 to 1000", "10")
    .option("--seed <number>", "another world with the same laws", "1")
    .addHelpText("after", HELP)
    .action(async (options: LocalOptions) => {
      // Loaded when needed: the region and the CDK would make every other command wait for a second.
      const { serveLocal } = await import("./serve-local.ts");
      await serveLocal(options);
    });
}

const HELP = `
The region's clock starts at the present and then runs --speed times as fast: at 10, five minutes of a failing
release pass in half a minute. An approval expires after an hour of the region's time, an alarm counts as caused by a
release for an hour. Requests wait in the region's time as well, so below 1 a long poll may outlast your client.
The AWS command line, version 1, does not obey AWS_ENDPOINT_URL for sqs: give it --endpoint-url there.
GET /_stepback/health answers while it runs. Everything is gone when it stops.`;
