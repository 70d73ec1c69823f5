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
  /** The newest deployment of the environment that may be there: AWS compares (docs/facts/frontend-secrets-config.md §C.2). */
  readonly latest: number;
}

/** Deploys a version again and follows it until every client can get it; its bake time is not waited for (§C.2). */
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
  const latest = steps.number(`${phase}-start-intended`, "latest") ?? deploying.latest;
  const newest = all[0]?.DeploymentNumber ?? 0;
  if (newest !== latest) {
    const note = `Somebody started deployment ${newest} in the environment; it was left alone.`;
    return answer.failed(phase === "revert" ? "SUPERSEDED" : "CHANGED_SINCE_PLAN", note, phase === "revert");
  }
  const busy = all.find(isInProgress);
  if (busy)
    return answer.failed("IN_USE", `Deployment ${busy.DeploymentNumber} is in progress; it was left alone.`);
  await steps.once(`${phase}-start-intended`, { latest, version: deploying.version });
  return start(job, source, { ...deploying, latest });
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
  { appconfig, answer, steps, rollbackId }: Job,
  source: AppConfigSource,
  { phase, version, latest }: Deploying,
): Promise<Tick> {
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
  { appconfig, answer, details, steps }: Job,
  source: AppConfigSource,
  { phase, version }: Deploying,
  number: number,
): Promise<Tick> {
  const deployment = await getDeployment(appconfig, source, number);
  const { State, PercentageComplete = 0 } = deployment;
  if (reachesAll(deployment)) return answer.done(`Version ${version} is live: every client can get it.`);
  if (State === "ROLLING_BACK" || isTakenBack(deployment)) {
    const note = `Deployment ${number} of version ${version} was taken back${byWhom(deployment)}.`;
    return answer.failed("WRONG_VERSION", note, true);
  }
  const note = `Version ${version} has reached ${PercentageComplete} % of the clients.`;
  const elapsed = await steps.secondsSince(`${phase}-began`);
  return elapsed > details.deadlineSeconds ? answer.failed("TOO_SLOW", note) : answer.working(note);
}

function byWhom({ EventLog = [] }: GetDeploymentCommandOutput): string {
  const event = EventLog.find(
    ({ EventType }) => EventType?.startsWith("ROLLBACK") || EventType?.startsWith("REVERT"),
  );
  return event?.TriggeredBy ? ` by ${event.TriggeredBy}` : "";
}
