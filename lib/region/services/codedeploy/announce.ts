import type { DeploymentStatus } from "@aws-sdk/client-codedeploy";
import type { DeploymentStore } from "./deployment-store.ts";
import type { DeploymentRecord } from "./records.ts";

/** The states of the notification, from CodeDeploy's example event in the EventBridge guide; from memory, unverified. */
const STATES: Partial<Record<DeploymentStatus, string>> = {
  Created: "START",
  Ready: "READY",
  Succeeded: "SUCCESS",
  Failed: "FAILURE",
  Stopped: "STOP",
};

/** Tells the region's log and EventBridge that a deployment has a new status. */
export function announce(
  store: DeploymentStore,
  { id, group, status, creator, error }: DeploymentRecord,
): void {
  const { context } = store;
  context.kernel.log.write("codedeploy", "deployment changed", {
    deployment: id,
    service: group.service,
    status,
    creator,
    ...(error?.code === undefined ? {} : { error: error.code }),
  });
  const state = STATES[status];
  if (state === undefined) return;
  context.emit({
    source: "aws.codedeploy",
    detailType: "CodeDeploy Deployment State-change Notification",
    resources: [store.applicationArn(group.application), store.groupArn(group.application, group.name)],
    detail: {
      instanceGroupId: group.id,
      region: context.region,
      application: group.application,
      deploymentGroup: group.name,
      deploymentId: id,
      state,
    },
  });
}
