import type { Environment } from "../../lambdas/contracts/environment.ts";
import { bundle } from "../../scripts/bundle.ts";
import { applicationFor } from "../drill/application-for.ts";
import { approverRole } from "../drill/approver-role.ts";
import { type Stage, setStage } from "../drill/stage.ts";
import { narratorOf } from "../drill/timeline.ts";
import { serveRegion } from "../region/server/serve-region.ts";
import { approverRolesOf, howToAnswer, welcome } from "./local-words.ts";
import { tellLine } from "./story.ts";

interface LocalSettings {
  readonly environment: Environment;
  /** 0 takes a free one. */
  readonly port: number;
  /** Virtual seconds per real second. */
  readonly speed: number;
  readonly seed: number;
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Builds the region, serves it until somebody stops it, and tells what happens in it. */
export async function serveLocal({ environment, port, speed, seed }: LocalSettings): Promise<void> {
  const abandon = () => process.exit(0);
  for (const signal of SIGNALS) process.once(signal, abandon);
  process.stdout.write("Building the region: boardroom 2.9.5 is deployed and bakes until it is proven ...\n");
  const stage = await buildStage(environment, seed);
  const { kernel, endpoint } = stage.region;
  const health = () => ({ environment: environment.name, speed });
  const server = await serveRegion({ endpoint, kernel, port, speed, health });
  const asked = new Promise<void>((resolve) => {
    for (const signal of SIGNALS) process.off(signal, abandon).once(signal, () => resolve());
  });
  const stop = follow(stage, server.port);
  process.stdout.write(welcome(environment, server.port, speed));
  await asked;
  stop();
  await server.close();
  process.stdout.write("\nThe region is gone. Nothing of it was kept.\n");
}

async function buildStage(environment: Environment, seed: number): Promise<Stage> {
  await bundle();
  // The setup takes its bake time and less than half an hour; what is left until the present is let pass, so that the
  // times that people see and type are those of their own clock.
  const setupMinutes = environment.policy.bakeMinutes + 30;
  const start = Math.floor(Date.now() / 60_000 - setupMinutes) * 60_000;
  const stage = await setStage({ environment, application: applicationFor(environment), seed, start });
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
    const { details = [], ...line } = told;
    const more = [...details, ...howToAnswer(details, environment, port)];
    process.stdout.write(`${tellLine({ ...line, details: more })}\n`);
  });
}
