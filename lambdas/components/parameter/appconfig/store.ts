import type { Tick } from "../../../contracts/tick.ts";
import type { Job, Store } from "../job.ts";
import { deploy, findOwn } from "./deploy.ts";
import {
  type AppConfigSource,
  getDeployment,
  isTakenBack,
  ofProfile,
  recentDeployments,
} from "./deployments.ts";
import { takeBack } from "./take-back.ts";

/** Goes back by stopping or reverting what was deployed last, else by deploying the old version again. */
export const appConfigStore: Store = {
  async cutOver(job) {
    await job.steps.once("cut-over-began");
    const { source, seen, version } = planOf(job, "to");
    if (seen.way === "start") return deploy(job, source, { phase: "cut-over", version, latest: seen.number });
    const forward = job.steps.number("cut-over-forward", "latest");
    if (forward !== undefined) return deploy(job, source, { phase: "cut-over", version, latest: forward });
    const tick = await takeBack(job, source, { phase: "cut-over", number: seen.number });
    return tick.status === "done" ? job.answer.done(`Version ${version} is live again.`) : tick;
  },

  /** What this rollback deployed is taken back; what it took back is deployed again. */
  async revert(job) {
    await job.steps.once("revert-began");
    const { answer, appconfig, steps } = job;
    const { source, seen, version } = planOf(job, "from");
    const deployments = await recentDeployments(appconfig, source);
    if (steps.has("cut-over-start-intended")) {
      const own = await findOwn(job, source, "cut-over", deployments);
      if (own === undefined)
        return answer.done("This rollback's deployment never began; nothing to put back.");
      return takeBack(job, source, { phase: "revert", number: own });
    }
    if (!steps.has("revert-start-intended")) {
      const unsettled = await awaitTakenBack(job, source, seen.number);
      if (unsettled) return unsettled;
      const [newest] = ofProfile(deployments, source);
      if (newest && newest.DeploymentNumber !== seen.number) return superseded(job, newest.DeploymentNumber);
    }
    const latest = deployments[0]?.DeploymentNumber ?? seen.number;
    return deploy(job, source, { phase: "revert", version, latest });
  },
};

/** A completed deployment shows nothing while AppConfig reverts it: whether a request arrived, only time tells. */
const SETTLING_SECONDS = 60;

/** Undefined once the deployment that this rollback set out to take back is taken back, else what to say. */
async function awaitTakenBack(
  { appconfig, answer, clock, details, steps }: Job,
  source: AppConfigSource,
  number: number,
): Promise<Tick | undefined> {
  const state = await getDeployment(appconfig, source, number);
  if (isTakenBack(state)) return undefined;
  const asked = steps.timeOf("cut-over-stop-intended")?.getTime() ?? 0;
  const elapsed = (clock().getTime() - asked) / 1_000;
  const isGoing = state.State === "ROLLING_BACK" || steps.has("cut-over-stop-requested");
  if (!isGoing && elapsed > SETTLING_SECONDS) {
    return answer.done(`Deployment ${number} was not taken back; nothing to put back.`);
  }
  const note = `AppConfig is still taking deployment ${number} back.`;
  if ((await steps.secondsSince("revert-began")) > details.deadlineSeconds)
    return answer.failed("TOO_SLOW", note);
  return answer.working(note);
}

function planOf({ details, move }: Job, direction: "from" | "to") {
  const { source, deployment: seen } = details;
  const version = source.store === "appconfig" ? details[direction][source.profile] : undefined;
  if (source.store !== "appconfig" || !seen || version === undefined) {
    throw new Error(`The move of ${move.component} does not say what AppConfig shall do`);
  }
  const narrowed: AppConfigSource = source;
  return { source: narrowed, seen, version };
}

function superseded({ answer }: Job, number: number): Tick {
  return answer.failed("SUPERSEDED", `Somebody started deployment ${number} since; it was left alone.`);
}
