import { createServer } from "node:net";
import type { Environment } from "../../lambdas/contracts/environment.ts";
import { bundle } from "../../scripts/bundle.ts";
import { approverRole } from "../drill/approver-role.ts";
import { type Stage, setStage } from "../drill/stage.ts";
import { narratorOf } from "../drill/timeline.ts";
import { loadEnvironment } from "../environments/load-environment.ts";
import { BOARDROOM, COMPONENTS, serviceName } from "../region/application/boardroom-names.ts";
import { serveRegion } from "../region/server/serve-region.ts";
import { approverRolesOf, howToAnswer, welcome } from "./local-words.ts";
import { tellLine } from "./story.ts";
import { UsageError } from "./usage-error.ts";

/** As typed. */
export interface LocalOptions {
  readonly port: string;
  readonly env: string;
  readonly speed: string;
  readonly seed: string;
}

/** Builds the region, serves it until somebody stops it, and tells what happens in it. */
export async function serveLocal(options: LocalOptions): Promise<void> {
  const asked = numberOf("--port", options.port, 0, 65_535, "whole");
  const speed = numberOf("--speed", options.speed, 0.5, 1_000);
  const seed = numberOf("--seed", options.seed, 0, 2 ** 31, "whole");
  const environment = loadEnvironment(options.env);
  refuseOtherApplications(environment);
  await refuseTakenPort(asked);
  const abandon = () => process.exit(0);
  for (const signal of SIGNALS) process.once(signal, abandon);
  process.stdout.write("Building the region: boardroom 2.9.5 is deployed and bakes until it is proven ...\n");
  const stage = await buildStage(environment, seed);
  const { kernel, endpoint } = stage.region;
  const server = await serveRegion({
    endpoint,
    kernel,
    port: asked,
    speed,
    health: () => ({ environment: environment.name, speed }),
  });
  const asking = new Promise<void>((resolve) => {
    for (const signal of SIGNALS) process.off(signal, abandon).once(signal, () => resolve());
  });
  const stop = follow(stage, server.port);
  process.stdout.write(welcome(environment, server.port, speed));
  await asking;
  stop();
  await server.close();
  process.stdout.write("\nThe region is gone. Nothing of it was kept.\n");
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

async function buildStage(environment: Environment, seed: number): Promise<Stage> {
  await bundle();
  const application = { circuitBreaker: "off", strategy: "ROLLING", deploymentAlarms: false } as const;
  // The setup takes its bake time and less than half an hour; what is left until the present is let pass, so that the
  // times that people see and type are those of their own clock.
  const setupMinutes = environment.policy.bakeMinutes + 30;
  const start = Math.floor(Date.now() / 60_000 - setupMinutes) * 60_000;
  const stage = await setStage({ environment, application, seed, start });
  await stage.region.kernel.runUntil(Date.now());
  for (const name of approverRolesOf(environment)) approverRole(stage, name);
  return stage;
}

/** Prints what happens, as it happens. */
function follow({ region, environment }: Stage, port: number): () => void {
  const narrate = narratorOf({ environment, region, tellPeoplesCalls: true });
  return region.kernel.log.follow((entry) => {
    const told = narrate(entry);
    if (!told) return;
    const details = told.details && [...told.details, ...howToAnswer(told.details, environment, port)];
    process.stdout.write(`${tellLine({ ...told, ...(details ? { details } : {}) }, 0)}\n`);
  });
}

/** The region runs one application; an environment that names another would wait for services that are not there. */
function refuseOtherApplications({ name, components }: Environment): void {
  const services = COMPONENTS.map(serviceName);
  const stranger = Object.values(components).find(
    ({ cluster, service }) => cluster !== BOARDROOM.cluster || !services.includes(service),
  );
  if (!stranger) return;
  throw new UsageError(
    `The simulated region runs the sample application, the services ${services.join(" and ")} in the cluster ${BOARDROOM.cluster}; environments/${name}.yaml names ${stranger.cluster}/${stranger.service}.`,
  );
}

/** Asked before the region is built, which takes a while. */
async function refuseTakenPort(port: number): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", reject).listen(port, "127.0.0.1", () => probe.close(() => resolve()));
  }).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === "EADDRINUSE" ? "is taken" : `cannot be used (${error.code ?? error.message})`;
    throw new UsageError(`Port ${port} ${why}: choose another with --port, or 0 for a free one.`);
  });
}

function numberOf(option: string, text: string, least: number, most: number, kind?: "whole"): number {
  const value = Number(text);
  const isWhole = kind === undefined || Number.isInteger(value);
  if (text.trim() !== "" && isWhole && value >= least && value <= most) return value;
  throw new UsageError(
    `${option} takes a ${kind ?? ""}${kind ? " " : ""}number from ${least} to ${most}, not "${text}".`,
  );
}
