import type { DeploymentStore } from "./deployment-store.ts";
import type { DeploymentRecord, GroupRecord, Revision } from "./records.ts";

/** What distinguishes one deployment from another when it begins. */
export type DeploymentOrder = Pick<
  DeploymentRecord,
  "revision" | "configName" | "description" | "creator" | "overrideAlarms" | "autoRollback" | "undoes"
>;

/** A deployment that has just been created; it is in its group from now on. */
export function newDeployment(
  store: DeploymentStore,
  group: GroupRecord,
  order: DeploymentOrder,
): DeploymentRecord {
  const deployment: DeploymentRecord = {
    ...order,
    id: store.newDeploymentId(),
    group,
    previous: lastSuccessful(group),
    createdAt: store.context.kernel.now,
    status: "Created",
    startedAt: undefined,
    completedAt: undefined,
    error: undefined,
    rollbackInfo: undefined,
    blue: undefined,
    green: undefined,
    halt: undefined,
    continued: undefined,
  };
  group.deployments.push(deployment);
  return deployment;
}

/** The revision of the newest deployment that succeeded. */
export function lastSuccessful(group: GroupRecord): Revision | undefined {
  return group.deployments.findLast(({ status }) => status === "Succeeded")?.revision;
}
