import type {
  ServiceDeployment,
  ServiceDeploymentBrief,
  ServiceDeploymentStatus,
  ServiceRevision,
} from "@aws-sdk/client-ecs";
import { type Content, type RunningImage, sameContent } from "./content.ts";

/** A service revision that once was live: a deployment to it, or a rollback to it, ended well. */
export interface Release extends Content {
  readonly revision: string;
  readonly liveSince: Date;
}

/** What ECS itself remembers of a service: at most 90 days, nothing before 2024-10-25 [docs/facts/ecs.md §1.2]. */
export interface History {
  /** Newest first. */
  readonly deployments: readonly ServiceDeployment[];
  readonly revisions: ReadonlyMap<string, ServiceRevision>;
}

const ENDED: readonly (ServiceDeploymentStatus | undefined)[] = [
  "SUCCESSFUL",
  "STOPPED",
  "ROLLBACK_SUCCESSFUL",
  "ROLLBACK_FAILED",
];

/** The newest deployment that has not ended. */
export function inFlight<T extends Pick<ServiceDeploymentBrief, "status">>(
  deployments: readonly T[],
): T | undefined {
  return deployments.find((deployment) => !ENDED.includes(deployment.status));
}

export function isRollingBack(deployment: Pick<ServiceDeployment, "status">): boolean {
  return deployment.status === "ROLLBACK_REQUESTED" || deployment.status === "ROLLBACK_IN_PROGRESS";
}

/** The revision that a deployment, once ended, left live; undefined when it left nothing to rely on. */
export function landedOn(deployment: ServiceDeployment): string | undefined {
  if (deployment.status === "SUCCESSFUL") return deployment.targetServiceRevision?.arn;
  if (deployment.status === "ROLLBACK_SUCCESSFUL") return deployment.rollback?.serviceRevisionArn;
  return undefined;
}

/**
 * What was live, newest first [docs/facts/ecs.md §1.3]. A revision whose own deployment failed or was stopped is never in it,
 * so neither is "revision minus one" of the family.
 *
 * @param origins task definition → the one it is a copy of
 */
export function timelineOf(
  { deployments, revisions }: History,
  origins: ReadonlyMap<string, string> = new Map(),
): Release[] {
  const failed = new Set(
    deployments
      .filter((deployment) => deployment.status !== "SUCCESSFUL" && !isOpen(deployment))
      .map((deployment) => deployment.targetServiceRevision?.arn),
  );
  return deployments.flatMap((deployment) => {
    const arn = landedOn(deployment);
    const revision = arn && !failed.has(arn) ? revisions.get(arn) : undefined;
    const content = revision && contentOf(revision, origins);
    if (!arn || !content) return [];
    return [{ ...content, revision: arn, liveSince: endOf(deployment) }];
  });
}

/** What a service revision runs. */
export function contentOf(
  revision: ServiceRevision,
  origins: ReadonlyMap<string, string> = new Map(),
): Content | undefined {
  const { taskDefinition } = revision;
  if (!taskDefinition) return undefined;
  return {
    taskDefinition,
    origin: origins.get(taskDefinition) ?? taskDefinition,
    images: revisionImages(revision),
  };
}

export function revisionImages(revision: ServiceRevision): RunningImage[] {
  return (revision.containerImages ?? []).flatMap(({ containerName, image, imageDigest }) =>
    containerName && image
      ? [{ container: containerName, image, ...(imageDigest ? { digest: imageDigest } : {}) }]
      : [],
  );
}

/**
 * What was live before `current` first became so. Looking before its *first* appearance keeps a service that was rolled
 * back from returning to what it was rolled back from.
 */
export function releasesBefore(timeline: readonly Release[], current: Content): readonly Release[] {
  const first = timeline.findLastIndex((release) => sameContent(release, current));
  return timeline.slice(first + 1).filter((release) => !sameContent(release, current));
}

/** The newest release that was live at this moment. */
export function liveAt(timeline: readonly Release[], moment: Date): Release | undefined {
  return timeline.find((release) => release.liveSince <= moment);
}

const isOpen = (deployment: ServiceDeployment) => !ENDED.includes(deployment.status);

const endOf = (deployment: ServiceDeployment) =>
  deployment.finishedAt ?? deployment.updatedAt ?? deployment.createdAt ?? new Date(0);
