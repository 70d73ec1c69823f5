import { type GetDeploymentCommandOutput, StartDeploymentCommand } from "@aws-sdk/client-appconfig";
import type { Tick } from "../../../contracts/tick.ts";
import { asked, isNamed } from "../../aws-call.ts";
import type { Job, Phase } from "../job.ts";
import {
  type AppConfigSource,
  type Deployment,
  getDeployment,
  isInProgress,
  isTakenBack,
  ofProfile,
  reachesAll,
  recentDeployments,
} from "./deployments.ts";

export interface Deploying {
  readonly phase: Phase;
  readonly version: string;
  /** The newest deployment of the configuration that may be there. */
  readonly latest: number;
}

/**
 * Deploys a version again and follows it until every client can get it; its bake time is not waited for. Whoever deploys
 * between the look and the call is noticed by AWS, which compares the newest number (docs/facts/frontend-secrets-config.md
 * §C.2); a deployment of another configuration has only to end.
 */
export async function deploy(job: Job, source: AppConfigSource, deploying: Deploying): Promise<Tick> {
  const { appconfig, answer, steps } = job;
  const { phase } = deploying;
  const all = await recentDeployments(appconfig, source);
  if (steps.has(`${phase}-start-intended`)) {
    const own = await findOwn(job, source, phase, all);
    if (own !== undefined) {
      await steps.once(`${phase}-started`, { deployment: own });
      return follow(job, source, deploying, own);
    }
  }
  const known = steps.number(`${phase}-start-intended`, "latest") ?? deploying.latest;
  // What was stopped for it is felt by users; a start that came too late is not.
  const isFelt = phase === "revert" || steps.has("cut-over-stop-intended");
  const [newest] = ofProfile(all, source);
  if (newest && newest.DeploymentNumber > known) {
    const note = `Somebody started deployment ${newest.DeploymentNumber} of version ${newest.ConfigurationVersion}; it was left alone.`;
    return answer.failed(isFelt ? "SUPERSEDED" : "CHANGED_SINCE_PLAN", note, isFelt);
  }
  const busy = all.find(isInProgress);
  if (busy) {
    const note = `Deployment ${busy.DeploymentNumber} is in progress; it was left alone.`;
    return isFelt ? inTime(job, phase, note) : answer.failed("IN_USE", note);
  }
  if (steps.has(`${phase}-start-intended`)) {
    const late = await inTime(job, phase, `AppConfig does not take version ${deploying.version}.`);
    if (late.status === "failed") return late;
  }
  await steps.once(`${phase}-start-intended`, { latest: known, version: deploying.version });
  return start(job, source, { ...deploying, latest: all[0]?.DeploymentNumber ?? known });
}

/** Waits, until the deadline of the move. */
async function inTime({ answer, details, steps }: Job, phase: Phase, note: string): Promise<Tick> {
  const elapsed = await steps.secondsSince(`${phase}-began`);
  return elapsed > details.deadlineSeconds ? answer.failed("TOO_SLOW", note) : answer.working(note);
}

/** The deployment that this rollback started, also when its answer was lost: its description says so. */
export async function findOwn(
  { appconfig, steps, rollbackId }: Job,
  source: AppConfigSource,
  phase: Phase,
  all: readonly Deployment[],
): Promise<number | undefined> {
  const known = steps.number(`${phase}-started`, "deployment");
  if (known !== undefined) return known;
  const after = steps.number(`${phase}-start-intended`, "latest") ?? Number.POSITIVE_INFINITY;
  for (const { DeploymentNumber: number } of ofProfile(all, source)) {
    if (number <= after) break;
    const { Description } = await getDeployment(appconfig, source, number);
    if (Description === markOf(rollbackId, phase)) return number;
  }
  return undefined;
}

const markOf = (rollbackId: string, phase: Phase) => `Stepback ${rollbackId} ${phase}`;

async function start(
  job: Job,
  source: AppConfigSource,
  { phase, version, latest }: Deploying,
): Promise<Tick> {
  const { appconfig, answer, steps, rollbackId } = job;
  try {
    const { DeploymentNumber } = await asked(
      `Deploying version ${version} of AppConfig profile ${source.profile}`,
      appconfig.send(
        new StartDeploymentCommand({
          ApplicationId: source.application,
          EnvironmentId: source.environment,
          ConfigurationProfileId: source.profile,
          ConfigurationVersion: version,
          DeploymentStrategyId: source.strategy,
          Description: markOf(rollbackId, phase),
          LatestDeploymentNumber: latest,
        }),
      ),
    );
    if (DeploymentNumber !== undefined)
      await steps.write(`${phase}-started`, { deployment: DeploymentNumber });
    return answer.working(`AppConfig began to deploy version ${version}.`);
  } catch (error) {
    // Somebody was quicker, or the SDK's second attempt met the first one's deployment: the next look tells.
    if (!isNamed(error, "ConflictException")) throw error;
    return answer.working("AppConfig says that another deployment came first; looking again.");
  }
}

async function follow(
  job: Job,
  source: AppConfigSource,
  { phase, version }: Deploying,
  number: number,
): Promise<Tick> {
  const { appconfig, answer } = job;
  const deployment = await getDeployment(appconfig, source, number);
  const { State, PercentageComplete = 0 } = deployment;
  if (reachesAll(deployment)) return answer.done(`Version ${version} is live: every client can get it.`);
  if (State === "ROLLING_BACK" || isTakenBack(deployment)) {
    const note = `Deployment ${number} of version ${version} was taken back${byWhom(deployment)}.`;
    return answer.failed("WRONG_VERSION", note, true);
  }
  return inTime(job, phase, `Version ${version} has reached ${PercentageComplete} % of the clients.`);
}

function byWhom({ EventLog = [] }: GetDeploymentCommandOutput): string {
  const event = EventLog.find(
    ({ EventType }) => EventType?.startsWith("ROLLBACK") || EventType?.startsWith("REVERT"),
  );
  return event?.TriggeredBy ? ` by ${event.TriggeredBy}` : "";
}
