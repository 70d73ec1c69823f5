import type { Tick } from "../../../contracts/tick.ts";
import type { Job, Store } from "../job.ts";
import { deploy, findOwn } from "./deploy.ts";
import {
  type AppConfigSource,
  type Deployment,
  getDeployment,
  isInProgress,
  isTakenBack,
  ofProfile,
  recentDeployments,
} from "./deployments.ts";
import { lookAtAppConfig } from "./look.ts";
import { replace } from "./replace.ts";
import { takeBack } from "./take-back.ts";

/** Goes back by stopping or reverting what was deployed last, else by deploying the old version over it or in its place. */
export const appConfigStore: Store = {
  async cutOver(job) {
    await job.steps.once("cut-over-began");
    const { source, seen, version } = planOf(job, "to");
    if (seen.way === "start") {
      const changed = await changedSincePlan(job, source);
      return changed ?? deploy(job, source, { phase: "cut-over", version, latest: seen.number });
    }
    if (seen.way === "replace") return replace(job, source, { number: seen.number, version });
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
    const all = await recentDeployments(appconfig, source);
    const isStarted = steps.has("cut-over-start-intended");
    const own = isStarted ? await findOwn(job, source, "cut-over", all) : undefined;
    const isReplaced = seen.way === "replace" && steps.has("cut-over-stop-intended");
    if (isStarted && !isReplaced) {
      if (own !== undefined) return takeBack(job, source, { phase: "revert", number: own });
      return answer.done("This rollback's deployment never began; nothing to put back.");
    }
    const last = own ?? seen.number;
    if (!steps.has("revert-start-intended")) {
      const unsettled = await (own === undefined
        ? awaitTakenBack(job, source, seen.number)
        : makeRoom(job, source, all, own));
      if (unsettled) return unsettled;
      const [newest] = ofProfile(all, source);
      if (newest && newest.DeploymentNumber !== last) return superseded(job, newest.DeploymentNumber);
    }
    return deploy(job, source, { phase: "revert", version, latest: last });
  },
};

/** Whoever reverts a deployment starts none: its number stays the newest, and only what is live tells of it. */
async function changedSincePlan(job: Job, source: AppConfigSource): Promise<Tick | undefined> {
  const { answer, details, steps } = job;
  if (steps.has("cut-over-start-intended")) return undefined;
  const sight = await lookAtAppConfig(job, source);
  const live = "obstacle" in sight ? "nothing" : `version ${sight.versions[source.profile]}`;
  if (live === `version ${details.from[source.profile]}`) return undefined;
  const note = `Somebody made ${live} live after the plan was made; it was left alone.`;
  return answer.failed("CHANGED_SINCE_PLAN", note, false);
}

/** Undefined once this rollback's own deployment is over, be it complete or stopped. */
async function makeRoom(
  job: Job,
  source: AppConfigSource,
  all: readonly Deployment[],
  own: number,
): Promise<Tick | undefined> {
  const deployment = all.find(({ DeploymentNumber }) => DeploymentNumber === own);
  if (!deployment || !isInProgress(deployment)) return undefined;
  const tick = await takeBack(job, source, { phase: "revert", number: own });
  return tick.status === "done" ? undefined : tick;
}

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
