import { StepbackError } from "../../contracts/errors.ts";
import type { VersionReader } from "../component.ts";
import type { Clients } from "./job.ts";
import { strategyOf } from "./strategies/strategy-of.ts";

/** Says which release is live; nothing while some users are still given another one. */
export function frontendVersionReader(clients: Clients): VersionReader<"frontend"> {
  return async (configuration) => {
    const live = await strategyOf(clients, configuration).live();
    if ("version" in live) return live.moving === undefined ? live.version : undefined;
    const what = `Cannot record which release of ${configuration.distribution} is live`;
    throw new StepbackError("BadRequest", `${what}: ${live.problem}; correct the environment.`);
  };
}
