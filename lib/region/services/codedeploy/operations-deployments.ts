import * as sdk from "@aws-sdk/client-codedeploy";
import { AwsError, type Permission, type ServiceModel } from "../../service-model.ts";
import { createDeployment, createDeploymentPermissions } from "./create-deployment.ts";
import { type DeploymentRunner, rollsBackOn } from "./deployment-runner.ts";
import type { DeploymentStore } from "./deployment-store.ts";
import { describeDeployment } from "./describe.ts";
import { type DeploymentRecord, isOver } from "./records.ts";

/** The page size of ListDeployments; unverified. */
const PAGE = 100;

/** CreateDeployment, GetDeployment, ListDeployments, StopDeployment, ContinueDeployment. */
export function deploymentOperations(
  model: ServiceModel,
  store: DeploymentStore,
  runner: DeploymentRunner,
): void {
  model
    .on(sdk.CreateDeploymentCommand, {
      accepts: [
        "applicationName",
        "deploymentGroupName",
        "deploymentConfigName",
        "description",
        "autoRollbackConfiguration",
        "overrideAlarmConfiguration",
        "revision.revisionType",
        "revision.appSpecContent",
      ],
      authorize: (input) => createDeploymentPermissions(store, input),
      handle: (input) => ({ deploymentId: createDeployment(store, runner, input).id }),
    })
    .on(sdk.GetDeploymentCommand, {
      accepts: ["deploymentId"],
      authorize: (input) => onDeployment(store, "codedeploy:GetDeployment", input.deploymentId),
      handle: (input) => ({ deploymentInfo: describeDeployment(store.deployment(input.deploymentId)) }),
    })
    .on(sdk.ListDeploymentsCommand, {
      accepts: [
        "applicationName",
        "deploymentGroupName",
        "includeOnlyStatuses",
        "createTimeRange",
        "nextToken",
      ],
      authorize: (input) => [
        {
          action: "codedeploy:ListDeployments",
          resource: store.groupArn(input.applicationName ?? "*", input.deploymentGroupName ?? "*"),
        },
      ],
      handle: (input) => listDeployments(store, input),
    })
    .on(sdk.StopDeploymentCommand, {
      accepts: ["deploymentId", "autoRollbackEnabled"],
      authorize: (input) => onDeployment(store, "codedeploy:StopDeployment", input.deploymentId),
      handle: (input) => stopDeployment(store.deployment(input.deploymentId), input.autoRollbackEnabled),
    })
    .on(sdk.ContinueDeploymentCommand, {
      accepts: ["deploymentId", "deploymentWaitType"],
      authorize: (input) => onDeployment(store, "codedeploy:ContinueDeployment", input.deploymentId),
      handle: (input) => {
        continueDeployment(store.deployment(input.deploymentId), input.deploymentWaitType ?? "READY_WAIT");
        return {};
      },
    });
}

/** The deployment's group is the resource; for an id that nobody knows there is none, so only `*` may ask. */
function onDeployment(store: DeploymentStore, action: string, id: string | undefined): readonly Permission[] {
  const group = store.find(id)?.group;
  return [{ action, resource: group ? store.groupArn(group.application, group.name) : "*" }];
}

/**
 * Asks the deployment to stop; it obeys at its next step, so the answer is Pending. Without `autoRollbackEnabled` the
 * configuration decides (unverified). The texts are unverified.
 */
function stopDeployment(deployment: DeploymentRecord, rollback: boolean | undefined): { status: "Pending" } {
  if (isOver(deployment)) {
    throw new AwsError(
      "DeploymentAlreadyCompletedException",
      `The deployment ${deployment.id} has already completed with status ${deployment.status}.`,
    );
  }
  deployment.halt ??= {
    error: { code: "MANUAL_STOP", message: "The deployment was stopped by a user request." },
    rollback: rollback ?? rollsBackOn(deployment, "DEPLOYMENT_STOP_ON_REQUEST"),
  };
  return { status: "Pending" };
}

function continueDeployment(deployment: DeploymentRecord, wait: "READY_WAIT" | "TERMINATION_WAIT"): void {
  if (isOver(deployment)) {
    throw new AwsError(
      "DeploymentAlreadyCompletedException",
      `The deployment ${deployment.id} is already complete.`,
    );
  }
  if (wait === "READY_WAIT" && deployment.status !== "Ready") {
    throw new AwsError(
      "DeploymentIsNotInReadyStateException",
      `The deployment ${deployment.id} does not have a status of Ready and can't continue yet.`,
    );
  }
  deployment.continued = wait;
}

/** AWS documents no order, so there is none to rely on: the ids are random. */
function listDeployments(store: DeploymentStore, input: sdk.ListDeploymentsInput) {
  const { applicationName, deploymentGroupName, includeOnlyStatuses = [], createTimeRange } = input;
  if (applicationName === undefined && deploymentGroupName !== undefined) {
    throw new AwsError("ApplicationNameRequiredException", "Application name is missing");
  }
  const all =
    applicationName === undefined
      ? store.deployments()
      : store.group(applicationName, deploymentGroupName).deployments;
  const { start, end } = createTimeRange ?? {};
  const ids = all
    .filter(({ status }) => includeOnlyStatuses.length === 0 || includeOnlyStatuses.includes(status))
    .filter(({ createdAt }) => !start || createdAt >= start.getTime())
    .filter(({ createdAt }) => !end || createdAt <= end.getTime())
    .map(({ id }) => id)
    .sort();
  const from = input.nextToken === undefined ? 0 : Number.parseInt(input.nextToken, 36);
  if (Number.isNaN(from)) throw new AwsError("InvalidNextTokenException", "Invalid token.");
  const to = from + PAGE;
  return { deployments: ids.slice(from, to), ...(to < ids.length ? { nextToken: to.toString(36) } : {}) };
}
