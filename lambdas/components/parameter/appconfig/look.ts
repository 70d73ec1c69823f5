import type { Sight, SightServices, Way } from "../sight.ts";
import {
  type AppConfigSource,
  type Deployment,
  getDeployment,
  isInProgress,
  liveBefore,
  ofProfile,
  reachesAll,
  recentDeployments,
} from "./deployments.ts";

/** A completed deployment can be reverted within 72 hours (docs/facts/frontend-secrets-config.md §C.2), less one for approval. */
const REVERT_HOURS = 71;
/** How long after AppConfig went back by itself a request still means what it went back from. */
const RECENT_SECONDS = 3_600;

type Services = Pick<SightServices, "appconfig" | "clock">;

/** A configuration profile in one AppConfig environment: what was deployed last, and what became of it. */
export async function lookAtAppConfig(
  services: Services,
  source: AppConfigSource,
): Promise<Sight | { readonly obstacle: string }> {
  const all = await recentDeployments(services.appconfig, source);
  const own = ofProfile(all, source);
  const [newest] = own;
  const settled = own.find(reachesAll);
  const spreading = newest && isInProgress(newest) && newest.State !== "ROLLING_BACK" ? newest : undefined;
  const live = (spreading ?? settled)?.ConfigurationVersion;
  if (!newest || live === undefined) {
    return {
      obstacle: `nothing of profile ${source.profile} is deployed in environment ${source.environment}.`,
    };
  }
  const wentBack = await byItself(services, source, newest, live);
  const changedAt = newest.StartedAt;
  return {
    versions: { [source.profile]: live },
    onTheWay: isInProgress(newest) && !reachesAll(newest),
    ...(changedAt ? { changedAt } : {}),
    ...(wentBack ? { wentBack } : {}),
    wayTo: (to) => wayTo(services, { all, own, newest, spreading }, to[source.profile] ?? live),
  };
}

interface Deployments {
  readonly all: readonly Deployment[];
  readonly own: readonly Deployment[];
  readonly newest: Deployment;
  readonly spreading: Deployment | undefined;
}

/** Stopping or reverting goes back to what was before; any other version takes a deployment (§C.2). */
function wayTo({ clock }: Services, { all, own, newest, spreading }: Deployments, version: string): Way {
  const number = newest.DeploymentNumber;
  const before = liveBefore(own, number)?.ConfigurationVersion;
  if (spreading) {
    if (before === version) return { warnings: [], seconds: 10, deployment: { number, way: "stop" } };
    const known = before === undefined ? "nothing" : `version ${before}`;
    const problem = `deployment ${number} is in progress and stopping it leads to ${known}, not to version ${version}: wait for its end.`;
    return { problem, code: "IN_USE" };
  }
  const busy = all.find(isInProgress);
  if (busy) {
    const what = `deployment ${busy.DeploymentNumber} of ${busy.ConfigurationName ?? "another configuration"}`;
    return {
      problem: `${what} is in progress, one at a time is possible: wait for its end.`,
      code: "IN_USE",
    };
  }
  const hours = (clock().getTime() - (newest.CompletedAt?.getTime() ?? 0)) / 3_600_000;
  if (newest.State === "COMPLETE" && before === version && hours < REVERT_HOURS) {
    return { warnings: [], seconds: 10, deployment: { number, way: "revert" } };
  }
  const latest = all[0]?.DeploymentNumber ?? number;
  return { warnings: [], seconds: 30, deployment: { number: latest, way: "start" } };
}

/** An environment's monitors roll a deployment back without being asked: look before doing it twice (§C.2). */
async function byItself(
  { appconfig, clock }: Services,
  source: AppConfigSource,
  newest: Deployment,
  live: string,
): Promise<string | undefined> {
  const number = newest.DeploymentNumber;
  const bad = `deployment ${number} of version ${newest.ConfigurationVersion}`;
  if (newest.State === "ROLLING_BACK")
    return `AppConfig is taking ${bad} back by itself; version ${live} is live then.`;
  if (newest.State !== "ROLLED_BACK") return undefined;
  const ended = newest.CompletedAt?.getTime() ?? 0;
  if ((clock().getTime() - ended) / 1_000 > RECENT_SECONDS) return undefined;
  const { EventLog = [] } = await getDeployment(appconfig, source, number);
  const byAlarm = EventLog.some(({ TriggeredBy }) => TriggeredBy === "CLOUDWATCH_ALARM");
  return byAlarm ? `its alarms already took ${bad} back; version ${live} is live.` : undefined;
}
