import type { Deployment, Service, ServiceDeployment, Task } from "@aws-sdk/client-ecs";

/** Progress for people: "2 of 3 new tasks running", and what ECS says when something goes wrong. */
export function progressNote(
  service: Service,
  deployment: Deployment | undefined,
  own?: ServiceDeployment,
): string {
  const running = deployment?.runningCount ?? 0;
  const wanted = deployment?.desiredCount ?? service.desiredCount ?? 0;
  const parts = [`${running} of ${wanted} new tasks running`];
  const others = service.deployments?.filter((one) => one.id !== deployment?.id) ?? [];
  const old = others.reduce((sum, one) => sum + (one.runningCount ?? 0), 0);
  if (running >= wanted && old > 0) parts.push(`${old} old ones still running`);
  const failed = deployment?.failedTasks ?? 0;
  if (failed > 0) parts.push(failureNote(failed, own), lastEvent(service));
  const hook = own?.lifecycleHookDetails?.find((detail) => detail.status === "AWAITING_ACTION");
  if (hook) {
    parts.push(
      `waiting for somebody to continue the hook ${hook.hookId} before ${hook.expiresAt?.toISOString()}`,
    );
  }
  return `${parts.filter((part) => part !== "").join("; ")}.`;
}

function failureNote(failed: number, own: ServiceDeployment | undefined): string {
  const { status, failureCount, threshold } = own?.deploymentCircuitBreaker ?? {};
  if (status !== "DISABLED" && failureCount !== undefined && threshold !== undefined) {
    return `${failureCount} of ${threshold} allowed failures`;
  }
  return failed === 1 ? "1 task failed to start" : `${failed} tasks failed to start`;
}

/** The newest thing ECS said about the service, without its own closing dot. */
export function lastEvent({ events }: Service): string {
  const newest = [...(events ?? [])].sort((a, b) => timeOf(b.createdAt) - timeOf(a.createdAt))[0];
  return newest?.message ? `ECS says: ${newest.message.replace(/\.$/, "")}` : "";
}

/** Why tasks of a deployment stopped, each reason once, newest first; empty when AWS shows none (after an hour or so). */
export function stopReasons(tasks: readonly Task[], deployment: string | undefined): string {
  const reasons = tasks
    .filter((task) => deployment === undefined || task.startedBy === deployment)
    .filter((task) => task.stopCode !== "ServiceSchedulerInitiated")
    .sort((a, b) => timeOf(b.stoppedAt) - timeOf(a.stoppedAt))
    .map(stopReason);
  return [...new Set(reasons)].slice(0, 3).join("; ");
}

function stopReason({ stopCode, stoppedReason, containers }: Task): string {
  const broken = containers?.find((container) => container.reason || (container.exitCode ?? 0) !== 0);
  const detail = [
    broken?.exitCode === undefined ? "" : `${broken.name} exited with ${broken.exitCode}`,
    broken?.reason ?? "",
  ];
  const parts = [stopCode ?? "stopped", stoppedReason ?? "", ...detail].filter((part) => part !== "");
  return [...new Set(parts)].join(", ");
}

const timeOf = (date: Date | undefined) => date?.getTime() ?? 0;
