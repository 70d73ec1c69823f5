import type { RDSClient } from "@aws-sdk/client-rds";
import { StepbackError } from "../../contracts/errors.ts";
import type { VersionReader } from "../component.ts";
import { findServing } from "./serving.ts";
import { addressOf, type Sight } from "./sight.ts";
import { CHANGEABLE_STATUSES, isWorkedOn, pendingOf } from "./states.ts";

/**
 * Says which database holds the data now; its moment is the checkpoint's. Nothing while it is on its way from one state to
 * another, a rename for example.
 */
export function databaseVersionReader({ rds }: { readonly rds: RDSClient }): VersionReader<"database"> {
  return async (configuration) => {
    const serving = await findServing(rds, configuration);
    if (!serving) {
      const { shape, identifier } = addressOf(configuration);
      throw new StepbackError(
        "BadRequest",
        `Cannot record which data the application has: there is no database ${shape} ${identifier}; correct the environment.`,
      );
    }
    if (!atRest(serving)) return undefined;
    const { resourceId, identifier, engine, engineVersion } = serving;
    return { kind: "database", resourceId, identifier, engine, engineVersion };
  };
}

/**
 * Serving, under the name that its endpoint has, with nothing about to change. Its monitoring may just be set: who came early to
 * a copy shall find it proven all the same.
 */
function atRest(sight: Sight): boolean {
  const resource = sight.shape === "cluster" ? sight.cluster : sight.instance;
  return (
    (CHANGEABLE_STATUSES.includes(sight.status) || isWorkedOn(sight.status)) &&
    pendingOf(resource).length === 0 &&
    (sight.host ?? "").startsWith(`${sight.identifier}.`)
  );
}
