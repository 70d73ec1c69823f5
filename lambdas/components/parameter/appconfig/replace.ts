import type { Tick } from "../../../contracts/tick.ts";
import type { Job } from "../job.ts";
import { deploy } from "./deploy.ts";
import { type AppConfigSource, getDeployment, isTakenBack } from "./deployments.ts";
import { takeBack } from "./take-back.ts";

/**
 * Stops a deployment that is on its way and deploys another version than the one before it. Clients get the one before
 * for the seconds in between: AppConfig has one deployment at a time (docs/facts/frontend-secrets-config.md §C.2).
 */
export async function replace(
  job: Job,
  source: AppConfigSource,
  { number, version }: { readonly number: number; readonly version: string },
): Promise<Tick> {
  const { answer, appconfig, steps } = job;
  if (!steps.has("cut-over-forward")) {
    const intended = steps.has("cut-over-stop-intended");
    const { State } = await getDeployment(appconfig, source, number);
    // It ended by itself before it was stopped: it can be deployed over, and nobody gets the version before.
    if (intended || State !== "COMPLETE") {
      const tick = await takeBack(job, source, { phase: "cut-over", number });
      if (tick.status !== "done") return tick;
      if (!intended && (await wasStoppedByAPerson(job, source, number))) {
        const note = `Somebody stopped deployment ${number} after the plan was made; nothing was changed.`;
        return answer.failed("CHANGED_SINCE_PLAN", note, false);
      }
    }
    await steps.once("cut-over-forward", { latest: number });
  }
  const latest = steps.number("cut-over-forward", "latest") ?? number;
  return deploy(job, source, { phase: "cut-over", version, latest });
}

async function wasStoppedByAPerson(
  { appconfig }: Job,
  source: AppConfigSource,
  number: number,
): Promise<boolean> {
  const { EventLog = [], ...deployment } = await getDeployment(appconfig, source, number);
  return isTakenBack(deployment) && EventLog.some(({ TriggeredBy }) => TriggeredBy === "USER");
}
