import { StopDeploymentCommand } from "@aws-sdk/client-appconfig";
import type { Tick } from "../../../contracts/tick.ts";
import { asked, isNamed } from "../../aws-call.ts";
import { isTouched, type Job, type Phase } from "../job.ts";
import {
  type AppConfigSource,
  getDeployment,
  isTakenBack,
  ofProfile,
  recentDeployments,
} from "./deployments.ts";

/** How long AWS may deny what it shows, because the deployment goes on meanwhile. */
const SETTLING_SECONDS = 60;

/**
 * Stops a deployment, or reverts it when it is complete: clients get what they had before it. Its end is not a success to
 * AWS's own waiter (docs/facts/frontend-secrets-config.md §C.2).
 */
export async function takeBack(
  job: Job,
  source: AppConfigSource,
  { phase, number }: { readonly phase: Phase; readonly number: number },
): Promise<Tick> {
  const { appconfig, answer, details, steps } = job;
  const deployment = await getDeployment(appconfig, source, number);
  if (isTakenBack(deployment)) return answer.done(`Deployment ${number} was taken back.`);
  const elapsed = await steps.secondsSince(`${phase}-began`);
  const requested = steps.has(`${phase}-stop-requested`);
  if (requested || deployment.State === "ROLLING_BACK") {
    const note = `AppConfig is taking deployment ${number} back.`;
    return elapsed > details.deadlineSeconds ? answer.failed("TOO_SLOW", note) : answer.working(note);
  }
  const all = await recentDeployments(appconfig, source);
  const [newest] = ofProfile(all, source);
  if (newest && newest.DeploymentNumber !== number) {
    const note = `Somebody started deployment ${newest.DeploymentNumber} after deployment ${number}; it was left alone.`;
    return answer.failed(isTouched(job) ? "SUPERSEDED" : "CHANGED_SINCE_PLAN", note);
  }

  await steps.once(`${phase}-stop-intended`, { deployment: number });
  try {
    await asked(
      `Taking AppConfig deployment ${number} back`,
      appconfig.send(
        new StopDeploymentCommand({
          ApplicationId: source.application,
          EnvironmentId: source.environment,
          DeploymentNumber: number,
          // It may complete at this moment; without this a completed one is not reverted.
          AllowRevert: true,
        }),
      ),
    );
  } catch (error) {
    if (!isNamed(error, "BadRequestException")) throw error;
    if (deployment.State === "COMPLETE" && phase === "cut-over") {
      await steps.write("cut-over-forward", { latest: all[0]?.DeploymentNumber ?? number });
      return answer.working(
        `Deployment ${number} can no longer be reverted; the old version is deployed instead.`,
        1,
      );
    }
    // That what bakes can be stopped like what spreads is unverified: "in progress" (§C.2). If not, its end comes.
    const isBaking = deployment.State === "BAKING";
    if (elapsed > (isBaking ? details.deadlineSeconds : SETTLING_SECONDS)) throw error;
    return answer.working(
      `AppConfig does not stop deployment ${number} now; looking again.`,
      isBaking ? 15 : undefined,
    );
  }
  await steps.write(`${phase}-stop-requested`);
  return answer.working(`AppConfig was told to take deployment ${number} back.`);
}
