import type { ECSClient, Service } from "@aws-sdk/client-ecs";
import { StepbackError } from "../../contracts/errors.ts";
import type { VersionReader } from "../component.ts";
import { revisionImages } from "./history.ts";
import { describeService, describeServiceRevisions, describeTaskDefinition, primaryOf } from "./reads.ts";
import { imagesOf, registrationOf } from "./registration.ts";
import { imagesRunning } from "./running-images.ts";

/**
 * Says what a service runs now, with everything needed to start it again when AWS has forgotten it; nothing while a
 * deployment is on its way.
 */
export function ecsServiceVersionReader({ ecs }: { readonly ecs: ECSClient }): VersionReader<"ecs-service"> {
  return async (configuration) => {
    const service = await describeService(ecs, configuration);
    const primary = service && primaryOf(service);
    // Absent behind a Classic load balancer [docs/facts/ecs.md §1.1].
    if (primary && (primary.rolloutState ?? "COMPLETED") !== "COMPLETED") return undefined;
    if (service && isBeingReplaced(service)) return undefined;
    const taskDefinition = primary?.taskDefinition;
    const described = taskDefinition && (await describeTaskDefinition(ecs, taskDefinition));
    if (!service || !taskDefinition || !described) {
      const what = `the service ${configuration.service} in cluster ${configuration.cluster}`;
      throw new StepbackError(
        "BadRequest",
        `Cannot record what ${what} runs: it was not found; correct the environment.`,
      );
    }
    const revisions = await describeServiceRevisions(
      ecs,
      (service.currentServiceRevisions ?? []).flatMap((one) => one.arn ?? []),
    );
    const revision = [...revisions.values()].find((one) => one.taskDefinition === taskDefinition);
    const registration = registrationOf(described.taskDefinition, described.tags);
    const ran = revision
      ? revisionImages(revision)
      : configuration.codeDeploy && (await imagesRunning(ecs, configuration, taskDefinition));
    return {
      kind: "ecs-service",
      taskDefinition,
      images: imagesOf(registration, ran || []),
      registration: JSON.stringify(registration),
      ...(revision?.serviceRevisionArn ? { serviceRevision: revision.serviceRevisionArn } : {}),
    };
  };
}

/** CodeDeploy is bringing up a task set beside the one that serves; an older one beside it only waits for its end. */
function isBeingReplaced({ taskSets = [] }: Service): boolean {
  const serving = taskSets.find(({ status }) => status === "PRIMARY")?.createdAt ?? new Date(0);
  return taskSets.some(
    ({ status, createdAt }) => status === "ACTIVE" && (createdAt ?? new Date(0)) > serving,
  );
}
