import type { Deployment, Service } from "@aws-sdk/client-ecs";
import type { Job } from "./job.ts";
import { primaryOf } from "./reads.ts";

/**
 * The deployment of somebody else, or of another rollback, that has brought the service to its target since the plan was
 * made: while a person read the question an alarm may have gone back there. It is neither repeated nor put back.
 */
export async function foundThere({ details, steps }: Job, service: Service): Promise<Deployment | undefined> {
  const primary = primaryOf(service);
  if (!primary?.id || primary.id === details.seen.primaryDeployment) return undefined;
  if (primary.taskDefinition !== details.taskDefinition) return undefined;
  await steps.once("found-there", { deployment: primary.id });
  return primary;
}
