import type { Sight, SightServices, Way } from "../sight.ts";
import {
  type AppConfigSource,
  type Deployment,
  getDeployment,
  hostedVersions,
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
  const [all, hosted] = await Promise.all([
    recentDeployments(services.appconfig, source),
    hostedVersions(services.appconfig, source),
  ]);
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
    wayTo: (to) => {
      const version = to[source.profile] ?? live;
      const way = wayTo(services, { source, all, own, newest, spreading }, version);
      return isGone(way, version, hosted) ? gone(version) : way;
    },
  };
}

interface Deployments {
  readonly source: AppConfigSource;
  readonly all: readonly Deployment[];
  readonly own: readonly Deployment[];
  readonly newest: Deployment;
  readonly spreading: Deployment | undefined;
}

/** What has to be deployed must be there; what AppConfig keeps elsewhere (S3, SSM) shows no versions here. */
function isGone(way: Way, version: string, hosted: ReadonlySet<string>): boolean {
  const isDeployed = way.problem === undefined && /^(start|replace)$/.test(way.deployment?.way ?? "");
  return isDeployed && hosted.size > 0 && !hosted.has(version);
}

const gone = (version: string): Way => ({
  problem: `version ${version} was deleted from its profile. Name another version.`,
  code: "TARGET_GONE",
});

/**
 * Stopping or reverting goes back to what was before; any other version takes a deployment, for which one that is on its
 * way, or only watched, has to make room: one at a time (§C.2). A bake may take hours, which nobody waits for.
 */
function wayTo(
  { clock }: Services,
  { source, all, own, newest, spreading }: Deployments,
  version: string,
): Way {
  const number = newest.DeploymentNumber;
  const before = liveBefore(own, number)?.ConfigurationVersion;
  if (spreading) {
    if (before === version) return { warnings: [], seconds: 10, deployment: { number, way: "stop" } };
    if (before === undefined) {
      const problem = `deployment ${number} is in progress and the first of its configuration: stopped, clients would get nothing. Wait for its end.`;
      return { problem, code: "IN_USE" };
    }
    const warning = `Deployment ${number} is stopped first: until version ${version} is deployed, clients may get version ${before}.`;
    return { warnings: [warning, ...watched(source)], seconds: 40, deployment: { number, way: "replace" } };
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
  return { warnings: watched(source), seconds: 30, deployment: { number: latest, way: "start" } };
}

/** AWS's own strategies all have a bake time, ten minutes the one that is all at once (§C.2). */
function watched({ strategy }: AppConfigSource): string[] {
  if (!strategy.startsWith("AppConfig.")) return [];
  return [
    `AppConfig watches it afterwards, as ${strategy} says, and deploys nothing else there meanwhile; a strategy without bake time spares that.`,
  ];
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
