import { createServer } from "node:net";
import { Command } from "commander";
import { componentsOf, type Environment } from "../../lambdas/contracts/environment.ts";
import { loadEnvironment } from "../files/load-environment.ts";
import { BOARDROOM, COMPONENTS, serviceName } from "../region/application/boardroom-names.ts";
import { UsageError } from "./usage-error.ts";

/** `stepback local`: the simulated region on loopback, for the real `aws` command line and any SDK. */
export function localCommand(): Command {
  return new Command("local")
    .description("Serve the simulated region on 127.0.0.1, with boardroom 2.9.5 running and proven")
    .option("-p, --port <number>", "where to listen; 0 takes a free one", "4510")
    .option("-e, --env <name>", "which environment to deploy (environments/<name>.yaml)", "example")
    .option("-s, --speed <number>", "virtual seconds per real second, 0.5 to 1000", "10")
    .option("--seed <number>", "another world with the same laws", "1")
    .addHelpText("after", HELP)
    .action(local);
}

const HELP = `
The region's clock starts at the present and then runs --speed times as fast: at 10, five minutes of a failing
release pass in half a minute. An approval expires after an hour of the region's time, an alarm counts as caused by a
release for an hour. Requests wait in the region's time as well, so below 1 a long poll may outlast your client.
The AWS command line, version 1, does not obey AWS_ENDPOINT_URL for sqs: give it --endpoint-url there.
GET /_stepback/health answers while it runs. Everything is gone when it stops.`;

/** Says what is wrong with the options at once; the region takes a few seconds to build. */
async function local(options: Readonly<Record<"port" | "env" | "speed" | "seed", string>>): Promise<void> {
  const port = numberOf("--port", options.port, 0, 65_535, { whole: true });
  const speed = numberOf("--speed", options.speed, 0.5, 1_000);
  const seed = numberOf("--seed", options.seed, 0, 2 ** 31, { whole: true });
  const environment = loadEnvironment(options.env);
  refuseOtherApplications(environment);
  await refuseTakenPort(port);
  // Loaded when needed: the region and the CDK would make every other command wait for a second.
  const { serveLocal } = await import("./serve-local.ts");
  await serveLocal({ environment, port, speed, seed });
}

/** The region runs one application; an environment that names another would wait for services that are not there. */
function refuseOtherApplications(environment: Environment): void {
  const services = COMPONENTS.map(serviceName);
  const strangers = componentsOf(environment, "ecs-service").filter(
    ([, { cluster, service }]) => cluster !== BOARDROOM.cluster || !services.includes(service),
  );
  const stranger = strangers[0]?.[1];
  if (!stranger) return;
  throw new UsageError(
    `The simulated region runs the sample application, the services ${services.join(" and ")} in the cluster ${BOARDROOM.cluster}; environments/${environment.name}.yaml names ${stranger.cluster}/${stranger.service}.`,
  );
}

async function refuseTakenPort(port: number): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", reject).listen(port, "127.0.0.1", () => probe.close(() => resolve()));
  }).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === "EADDRINUSE" ? "is taken" : `cannot be used (${error.code ?? error.message})`;
    throw new UsageError(`Port ${port} ${why}: choose another with --port, or 0 for a free one.`);
  });
}

function numberOf(
  option: string,
  text: string,
  least: number,
  most: number,
  { whole = false }: { readonly whole?: boolean } = {},
): number {
  const value = Number(text);
  const fits = value >= least && value <= most && (!whole || Number.isInteger(value));
  if (text.trim() !== "" && fits) return value;
  const kind = whole ? "whole number" : "number";
  throw new UsageError(`${option} takes a ${kind} from ${least} to ${most}, not "${text}".`);
}
