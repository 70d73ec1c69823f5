import { StepbackError } from "../../contracts/errors.ts";
import type { VersionReader } from "../component.ts";
import { lookAt, type SightServices } from "./sight.ts";
import { versionOf } from "./target.ts";

/** Says which versions are live; nothing while AppConfig is on its way from one to another. */
export function parameterVersionReader(services: SightServices): VersionReader<"parameter"> {
  return async ({ source }) => {
    const sight = await lookAt(services, source);
    if ("obstacle" in sight) {
      throw new StepbackError("BadRequest", `Cannot record what configuration is live: ${sight.obstacle}`);
    }
    return sight.onTheWay ? undefined : versionOf(sight.versions);
  };
}
