import { type DeploymentAlarms, type Service, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import type { Tick } from "../../contracts/tick.ts";
import { isSwitchedOff, withAlarms } from "./alarms.ts";
import { asked } from "./aws-call.ts";
import type { Job } from "./job.ts";

/**
 * Ends a verb: but first the deployment alarms that this rollback switched off are switched on again, whatever the end.
 * They are sticky, so forgetting them would leave the service unguarded. Alarms that somebody set since stay as they
 * are. A change of the deployment configuration alone starts no deployment [docs/facts/ecs.md §2.3].
 */
export async function endWith(job: Job, service: Service, end: Tick): Promise<Tick> {
  return (await restoreAlarms(job, service)) ?? end;
}

async function restoreAlarms(
  { ecs, steps, answer, details }: Job,
  service: Service,
): Promise<Tick | undefined> {
  const original = alarmsSwitchedOff(steps.text("cut-over-intended", "alarms"));
  if (!original || steps.has("alarms-restored")) return undefined;
  const configuration = service.deploymentConfiguration;
  if (!isSwitchedOff(configuration?.alarms, original)) return undefined;
  await steps.write("alarms-restore-intended");
  await asked(
    `Switching the deployment alarms of ${details.service} on again`,
    ecs.send(
      new UpdateServiceCommand({
        cluster: details.cluster,
        service: details.service,
        deploymentConfiguration: withAlarms(configuration, original),
      }),
    ),
  );
  await steps.write("alarms-restored");
  return answer.working("The deployment alarms are switched on again.");
}

/** The alarms as they were, from the intention that was written before they were switched off. */
export function alarmsSwitchedOff(written: string | undefined): DeploymentAlarms | undefined {
  // Written by `redeploy` from the service's own configuration.
  return written === undefined ? undefined : (JSON.parse(written) as DeploymentAlarms);
}
