import {
  type DeploymentAlarms,
  type DeploymentConfiguration,
  type Service,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import type { Tick } from "../../contracts/tick.ts";
import { asked } from "../aws-call.ts";
import type { Job } from "./job.ts";

/** A service's own guards over its deployments, as they were before this rollback switched them off. */
export type Guards = Pick<DeploymentConfiguration, "alarms" | "deploymentCircuitBreaker">;

/** The member of UpdateService that switches guards off; nothing when there are none. */
export function switchedOff(
  configuration: DeploymentConfiguration | undefined,
  { alarms, deploymentCircuitBreaker }: Guards,
): { readonly deploymentConfiguration?: DeploymentConfiguration } {
  if (!alarms && !deploymentCircuitBreaker) return {};
  return {
    // The complete configuration: whether ECS merges a partial one is unverified [docs/facts/ecs.md §2.3].
    deploymentConfiguration: {
      ...configuration,
      ...(alarms ? { alarms: { ...alarms, enable: false, rollback: false } } : {}),
      ...(deploymentCircuitBreaker
        ? { deploymentCircuitBreaker: { ...deploymentCircuitBreaker, rollback: false } }
        : {}),
    },
  };
}

/** The guards as they were, from the intention that was written before they were switched off. */
export function guardsSwitchedOff(steps: Job["steps"]): Guards {
  const alarms = steps.text("cut-over-intended", "alarms");
  const breaker = steps.text("cut-over-intended", "breaker");
  // Written by `redeploy` from the service's own configuration.
  return {
    ...(alarms ? { alarms: JSON.parse(alarms) as DeploymentAlarms } : {}),
    ...(breaker
      ? { deploymentCircuitBreaker: JSON.parse(breaker) as NonNullable<Guards["deploymentCircuitBreaker"]> }
      : {}),
  };
}

/**
 * Switches what this rollback switched off on again; undefined when nothing is to be done. Guards are sticky, so
 * forgetting them would leave the service unguarded. What somebody set since stays as it is. A change of the deployment
 * configuration alone starts no deployment [docs/facts/ecs.md §2.3].
 */
export async function restoreGuards(
  { ecs, steps, answer, details }: Job,
  service: Service,
): Promise<Tick | undefined> {
  if (steps.has("alarms-restored")) return undefined;
  const { alarms, deploymentCircuitBreaker: breaker } = guardsSwitchedOff(steps);
  const current = service.deploymentConfiguration;
  const restored: Guards = {
    ...(alarms && isSwitchedOff(current?.alarms, alarms) ? { alarms } : {}),
    ...(breaker && current?.deploymentCircuitBreaker?.enable && !current.deploymentCircuitBreaker.rollback
      ? { deploymentCircuitBreaker: breaker }
      : {}),
  };
  if (Object.keys(restored).length === 0) return undefined;
  await steps.write("alarms-restore-intended");
  const what = restored.alarms ? "deployment alarms" : "circuit breaker";
  await asked(
    `Switching the ${what} of ${details.service} on again`,
    ecs.send(
      new UpdateServiceCommand({
        cluster: details.cluster,
        service: details.service,
        deploymentConfiguration: { ...current, ...restored },
      }),
    ),
  );
  await steps.write("alarms-restored");
  return answer.working(`The ${what} ${restored.alarms ? "are" : "is"} switched on again.`);
}

/** Whether these are the `original` alarms as this rollback left them, and not what somebody set since. */
function isSwitchedOff(alarms: DeploymentAlarms | undefined, original: DeploymentAlarms): boolean {
  const names = (one: DeploymentAlarms | undefined) => [...(one?.alarmNames ?? [])].sort().join("\n");
  return !alarms?.enable && !alarms?.rollback && names(alarms) === names(original);
}
