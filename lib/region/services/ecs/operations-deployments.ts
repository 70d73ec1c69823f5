import * as sdk from "@aws-sdk/client-ecs";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import { briefDeployment, describeDeployment, describeRevision } from "./describe-deployment.ts";
import type { EcsParts } from "./ecs-service.ts";
import type { EcsWorld } from "./ecs-world.ts";
import { page } from "./page.ts";
import type { ServiceRevisionRecord } from "./rollout.ts";
import { isTerminal } from "./service-deployment.ts";

/** How long service deployments and revisions are kept [DG service-deployment]. */
const HISTORY_MS = 90 * 24 * 3_600_000;

/** ListServiceDeployments, DescribeServiceDeployments, DescribeServiceRevisions, StopServiceDeployment. */
export function deploymentOperations(model: ServiceModel, parts: EcsParts): void {
  const { world, permissions } = parts;
  listing(model, parts);
  model
    .on(sdk.DescribeServiceDeploymentsCommand, {
      accepts: ["serviceDeploymentArns"],
      authorize: (input) =>
        (input.serviceDeploymentArns ?? []).flatMap((arn) =>
          permissions.onPartOfService("ecs:DescribeServiceDeployments", arn),
        ),
      handle: (input) => {
        const arns = upToTwenty(input.serviceDeploymentArns, "serviceDeploymentArns");
        const found = arns.map((arn) => ({ arn, ...recentDeployment(world, arn) }));
        return {
          serviceDeployments: found.flatMap(({ service, deployment }) =>
            service && deployment ? [describeDeployment(service, deployment)] : [],
          ),
          failures: missing(found.filter(({ deployment }) => !deployment)),
        };
      },
    })
    .on(sdk.DescribeServiceRevisionsCommand, {
      accepts: ["serviceRevisionArns"],
      authorize: (input) =>
        (input.serviceRevisionArns ?? []).flatMap((arn) =>
          permissions.onPartOfService("ecs:DescribeServiceRevisions", arn),
        ),
      handle: (input) => {
        const arns = upToTwenty(input.serviceRevisionArns, "serviceRevisionArns");
        const found = arns.map((arn) => ({ arn, revision: findRevision(world, arn) }));
        return {
          serviceRevisions: found.flatMap(({ revision }) => (revision ? [describeRevision(revision)] : [])),
          failures: missing(found.filter(({ revision }) => !revision)),
        };
      },
    })
    .on(sdk.StopServiceDeploymentCommand, {
      accepts: ["serviceDeploymentArn", "stopType"],
      authorize: (input) =>
        permissions.onPartOfService("ecs:StopServiceDeployment", input.serviceDeploymentArn ?? ""),
      handle: (input) => {
        stopDeployment(parts, input);
        return { serviceDeploymentArn: input.serviceDeploymentArn };
      },
    });
}

function listing(model: ServiceModel, { world, permissions }: EcsParts): void {
  model.on(sdk.ListServiceDeploymentsCommand, {
    accepts: ["service", "cluster", "status", "createdAt", "nextToken", "maxResults"],
    authorize: (input) => [permissions.onService("ecs:ListServiceDeployments", input.cluster, input.service)],
    handle: (input) => {
      const service = world.service(input.cluster, input.service);
      const { after, before } = input.createdAt ?? {};
      const found = service.deployments
        .filter((deployment) => world.now - deployment.createdAt <= HISTORY_MS)
        .filter((deployment) => !input.status?.length || input.status.includes(deployment.status))
        .filter((deployment) => after === undefined || deployment.createdAt >= after.getTime())
        .filter((deployment) => before === undefined || deployment.createdAt <= before.getTime())
        // AWS documents no order, so there is none to rely on: the ids are random.
        .sort((a, b) => (a.arn < b.arn ? -1 : 1));
      const { items, next } = page(found, input, 20);
      return {
        serviceDeployments: items.map((deployment) => briefDeployment(service, deployment)),
        ...next,
      };
    },
  });
}

/**
 * Allowed while it runs, repeated as often as you like [DG stop-service-deployment]. ABORT is in the enumeration, yet
 * every page says that only ROLLBACK is valid. A finished deployment answers ConflictException: the error is in the
 * operation's list, that it is the one, and its text, are unverified.
 */
function stopDeployment({ world, deployments }: EcsParts, input: sdk.StopServiceDeploymentRequest): void {
  if (input.stopType !== undefined && input.stopType !== "ROLLBACK") {
    throw new AwsError("InvalidParameterException", "The stopType must be ROLLBACK.");
  }
  const found = world.deployment(input.serviceDeploymentArn ?? "");
  if (!found) {
    throw new AwsError("ServiceDeploymentNotFoundException", "Service deployment not found.");
  }
  if (isTerminal(found.deployment)) {
    throw new AwsError(
      "ConflictException",
      `The service deployment can not be stopped because it is in the ${found.deployment.status} state.`,
    );
  }
  deployments.requestRollback(found.service, found.deployment);
}

function recentDeployment(world: EcsWorld, arn: string): Partial<ReturnType<EcsWorld["deployment"]>> {
  const found = world.deployment(arn);
  return found && world.now - found.deployment.createdAt <= HISTORY_MS ? found : {};
}

function findRevision(world: EcsWorld, arn: string): ServiceRevisionRecord | undefined {
  for (const service of world.services.values()) {
    const rollouts = [...service.rollouts, ...service.deployments.map(({ target }) => target)];
    const found = rollouts.find(({ revision }) => revision.arn === arn);
    if (found) return found.revision;
  }
  return undefined;
}

function upToTwenty(arns: readonly string[] | undefined, name: string): readonly string[] {
  if (!arns || arns.length === 0) {
    throw new AwsError("InvalidParameterException", `${name} cannot be empty.`);
  }
  if (arns.length > 20) {
    throw new AwsError("InvalidParameterException", `${name} cannot have more than 20 elements.`);
  }
  return arns;
}

function missing(entries: readonly { readonly arn: string }[]): sdk.Failure[] {
  return entries.map(({ arn }) => ({ arn, reason: "MISSING" }));
}
