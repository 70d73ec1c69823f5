import type { ECSClient } from "@aws-sdk/client-ecs";
import { StepbackError } from "../../contracts/errors.ts";
import type { VersionReader } from "../component.ts";
import { revisionImages } from "./history.ts";
import { describeService, describeServiceRevisions, describeTaskDefinition, primaryOf } from "./reads.ts";
import { imagesOf, registrationOf } from "./registration.ts";

/**
 * Says what a service runs now, with everything needed to start it again when AWS has forgotten it; nothing while a
 * deployment is on its way.
 */
export function ecsServiceVersionReader({ ecs }: { readonly ecs: ECSClient }): VersionReader {
  return async (configuration) => {
    const service = await describeService(ecs, configuration);
    const primary = service && primaryOf(service);
    // Absent behind a Classic load balancer [docs/facts/ecs.md §1.1].
    if (primary && (primary.rolloutState ?? "COMPLETED") !== "COMPLETED") return undefined;
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
    return {
      kind: "ecs-service",
      taskDefinition,
      images: imagesOf(registration, revision ? revisionImages(revision) : []),
      registration: JSON.stringify(registration),
      ...(revision?.serviceRevisionArn ? { serviceRevision: revision.serviceRevisionArn } : {}),
    };
  };
}
