import {
  type CodeDeployClient,
  type DeploymentInfo,
  type DeploymentStatus,
  GetDeploymentCommand,
  ListDeploymentsCommand,
} from "@aws-sdk/client-codedeploy";
import { asked, isNamed } from "../../aws-call.ts";

/** Where CodeDeploy deploys a service. */
export interface DeploymentGroup {
  readonly application: string;
  readonly deploymentGroup: string;
}

/** Statuses of a deployment that is not over [docs/facts/ecs.md §2.5]. */
export const OPEN: readonly DeploymentStatus[] = ["Created", "Queued", "InProgress", "Baking", "Ready"];

export const isOpen = ({ status }: DeploymentInfo): boolean => OPEN.some((one) => one === status);

/** A rollback is a deployment with an id of its own; its creator tells [docs/facts/ecs.md §2.5]. */
export const isRollback = ({ creator }: DeploymentInfo): boolean => creator === "codeDeployRollback";

/** A deployment, or undefined when CodeDeploy does not know it. */
export async function getDeployment(
  codedeploy: CodeDeployClient,
  deploymentId: string,
): Promise<DeploymentInfo | undefined> {
  try {
    const answer = await asked(
      `Reading the CodeDeploy deployment ${deploymentId}`,
      codedeploy.send(new GetDeploymentCommand({ deploymentId })),
    );
    return answer.deploymentInfo;
  } catch (error) {
    if (isNamed(error, "DeploymentDoesNotExistException")) return undefined;
    throw error;
  }
}

/** The deployments of a group with one of these statuses, or begun since a moment; AWS documents no order. */
export async function deploymentsOf(
  codedeploy: CodeDeployClient,
  { application, deploymentGroup }: DeploymentGroup,
  { statuses, since }: { readonly statuses?: readonly DeploymentStatus[]; readonly since?: Date },
): Promise<DeploymentInfo[]> {
  const ids: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await asked(
      `Listing the CodeDeploy deployments of ${deploymentGroup}`,
      codedeploy.send(
        new ListDeploymentsCommand({
          applicationName: application,
          deploymentGroupName: deploymentGroup,
          ...(statuses ? { includeOnlyStatuses: [...statuses] } : {}),
          ...(since ? { createTimeRange: { start: since } } : {}),
          ...(nextToken ? { nextToken } : {}),
        }),
      ),
    );
    ids.push(...(page.deployments ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  const found = await Promise.all(ids.map((id) => getDeployment(codedeploy, id)));
  return found.flatMap((one) => one ?? []);
}
