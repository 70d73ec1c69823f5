import type { ContentView } from "./content.ts";
import type { RdsWorld } from "./rds-world.ts";
import { answers } from "./reachability.ts";

/** Why RDS Data API answers nothing, by AWS's own name (docs/facts/database.md §8). */
export interface DataApiRefusal {
  readonly error: "BadRequestException" | "HttpEndpointNotEnabledException" | "DatabaseUnavailableException";
  readonly message: string;
}

/**
 * What a statement by RDS Data API finds at a cluster's ARN, once it is logged in. It goes to the writer, and by AWS's own
 * network: no security group is asked. That and the texts are unverified.
 */
export function askByDataApi(world: RdsWorld, arn: string): ContentView | DataApiRefusal {
  const record = world.clusters.find(({ id }) => world.arn("cluster", id) === arn);
  if (!record) return { error: "BadRequestException", message: `${arn} is no DB cluster.` };
  if (!record.settings.HttpEndpointEnabled) {
    const message = `HttpEndpoint is not enabled for resource ${arn}`;
    return { error: "HttpEndpointNotEnabledException", message };
  }
  const [writer] = world.membersOf(record);
  if (!writer || !answers(writer)) {
    return { error: "DatabaseUnavailableException", message: `The writer of ${record.id} is not available.` };
  }
  return record.content.view(world.now);
}
