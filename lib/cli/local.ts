import { Command } from "commander";
import { bundle } from "../../scripts/bundle.ts";
import { setStage } from "../drill/stage.ts";
import { tell } from "../drill/timeline.ts";
import { loadEnvironment } from "../environments/load-environment.ts";
import { serveRegion } from "../region/server/serve-region.ts";
import { tellLine } from "./story.ts";
import { UsageError } from "./usage-error.ts";

interface LocalOptions {
  readonly port: string;
  readonly env: string;
  readonly speed: string;
  readonly seed: string;
}

/** `stepback local`: the simulated region on loopback, for the real `aws` command line and any SDK. */
export function localCommand(): Command {
  return new Command("local")
    .description("Serve the simulated region on 127.0.0.1, with boardroom 2.9.5 running and proven")
    .option("--port <number>", "where to listen", "4510")
    .option("--env <name>", "which environment to deploy", "example")
    .option("--speed <number>", "virtual seconds per real second", "1")
    .option("--seed <number>", "another world with the same laws", "1")
    .action(serve);
}

async function serve(options: LocalOptions): Promise<void> {
  const port = numberOf("--port", options.port, 0, 65_535);
  const speed = numberOf("--speed", options.speed, 0.1, 1_000);
  const seed = numberOf("--seed", options.seed, 0, 2 ** 31);
  const environment = loadEnvironment(options.env);
  process.stdout.write("Building the region: boardroom 2.9.5 is deployed and bakes until it is proven ...\n");
  await bundle();
  const application = { circuitBreaker: "off", strategy: "ROLLING", deploymentAlarms: false } as const;
  const { region } = await setStage({ environment, application, seed });
  const { kernel, endpoint } = region;
  const server = await serveRegion({ endpoint, kernel, port, speed });
  const startedAt = kernel.now;
  const stop = kernel.log.follow((entry) => {
    const told = tell(entry);
    if (told) process.stdout.write(`${tellLine(told, startedAt)}\n`);
  });
  process.stdout.write(welcome(server.port, environment.region));
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  stop();
  await server.close();
  process.stdout.write("\nThe region is gone. Nothing of it was kept.\n");
}

function welcome(port: number, region: string): string {
  const aws = `aws --endpoint-url http://127.0.0.1:${port} --region ${region}`;
  return [
    `The region listens on http://127.0.0.1:${port} (health: /_stepback/health). Any credentials will do. Try:`,
    `  ${aws} ecs describe-services --cluster boardroom --services boardroom-api`,
    `  ${aws} stepfunctions list-state-machines`,
    "Ctrl-C stops it.",
    "",
  ].join("\n");
}

function numberOf(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= least && value <= most) return value;
  throw new UsageError(`${option} takes a number from ${least} to ${most}, not "${text}".`);
}
