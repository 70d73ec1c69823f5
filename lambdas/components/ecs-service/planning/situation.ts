import type { Deployment, ECSClient, Service, ServiceDeployment } from "@aws-sdk/client-ecs";
import type { Checkpoint } from "../../../contracts/ledger.ts";
import { isNamed } from "../../aws-call.ts";
import { type Content, originOf } from "../content.ts";
import { type History, inFlight, landedOn, type Release, revisionImages, timelineOf } from "../history.ts";
import { type Recorded, recordedOf } from "../ledger-view.ts";
import {
  describeServiceDeployments,
  describeServiceRevisions,
  describeTaskDefinition,
  listServiceDeployments,
  type ServiceAddress,
} from "../reads.ts";
import { imagesOf, registrationOf } from "../registration.ts";

/** What an observer sees of one service: AWS's memory beside the ledger's. */
export interface Observed {
  readonly service: Service;
  readonly primary: Deployment;
  readonly history: History;
  readonly flight?: ServiceDeployment;
  readonly current: Content;
  readonly records: readonly Recorded[];
  readonly timeline: readonly Release[];
  readonly ecsWentBack: boolean;
  readonly broughtBack?: boolean;
  /** The CodeDeploy deployment in flight, also one that CodeDeploy itself makes to go back. */
  readonly deploymentInFlight?: string;
  /** When it began. */
  readonly changedAt?: Date;
}

/** Deployments looked at: enough to see past a run of same-content deployments, two calls to describe. */
const DEPLOYMENTS_READ = 40;
/** Task definitions of the timeline that are looked at for being copies. */
const ORIGINS_READ = 12;

export async function observeService(
  ecs: ECSClient,
  address: ServiceAddress,
  service: Service,
  primary: Deployment,
  ledger: { readonly component: string; readonly checkpoints: readonly Checkpoint[] },
): Promise<Observed> {
  const records = recordedOf(ledger.component, ledger.checkpoints);
  const history = await historyOf(ecs, address, service);
  const flight = inFlight(history.deployments);
  const current = await currentContent(ecs, history, service, primary);
  const origins = await originsOf(ecs, history, records, current);
  return {
    service,
    primary,
    history,
    current,
    records,
    timeline: timelineOf(history, origins),
    ecsWentBack: history.deployments[0]?.status === "ROLLBACK_SUCCESSFUL",
    ...(flight ? { flight } : {}),
  };
}

/** ECS's own memory; empty where this kind of service or region has none. */
async function historyOf(ecs: ECSClient, address: ServiceAddress, service: Service): Promise<History> {
  try {
    const briefs = (await listServiceDeployments(ecs, address)).slice(0, DEPLOYMENTS_READ);
    const deployments = await describeServiceDeployments(
      ecs,
      briefs.flatMap((brief) => brief.serviceDeploymentArn ?? []),
    );
    const arns = [
      ...deployments.flatMap((one) => [one.targetServiceRevision?.arn, one.rollback?.serviceRevisionArn]),
      ...(service.currentServiceRevisions ?? []).map((one) => one.arn),
    ];
    return {
      deployments,
      revisions: await describeServiceRevisions(
        ecs,
        arns.flatMap((arn) => arn ?? []),
      ),
    };
  } catch (error) {
    if (isNamed(error, "UnsupportedFeatureException")) return { deployments: [], revisions: new Map() };
    throw error;
  }
}

/** What runs or, while a deployment is in flight, what it deploys: even when ECS has begun to go back from it. */
export async function currentContent(
  ecs: ECSClient,
  { deployments, revisions }: History,
  service: Service,
  primary: Deployment,
): Promise<Content> {
  const newest = deployments[0];
  const flight = inFlight(deployments);
  const expected = flight?.targetServiceRevision?.arn ?? (newest && landedOn(newest));
  const deploying = flight && revisions.get(expected ?? "")?.taskDefinition;
  const taskDefinition = deploying ?? primary.taskDefinition ?? service.taskDefinition ?? "";
  const candidates = [expected, ...(service.currentServiceRevisions ?? []).map((one) => one.arn)];
  const revision = candidates
    .map((arn) => revisions.get(arn ?? ""))
    .find((one) => one?.taskDefinition === taskDefinition);
  const ran = revision ? revisionImages(revision) : [];

  const described = await describeTaskDefinition(ecs, taskDefinition);
  if (!described) return { taskDefinition, origin: taskDefinition, images: ran };
  const registration = registrationOf(described.taskDefinition, described.tags);
  return {
    taskDefinition,
    origin: originOf(taskDefinition, described.tags),
    images: imagesOf(registration, ran),
  };
}

/** Which task definitions of the history are copies, and of which: from the ledger where it knows, else from AWS. */
async function originsOf(
  ecs: ECSClient,
  { revisions }: History,
  records: readonly Recorded[],
  current: Content,
): Promise<ReadonlyMap<string, string>> {
  const known = new Map([current, ...records].map((content) => [content.taskDefinition, content.origin]));
  const newestFirst = [...revisions.values()].sort(
    (a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0),
  );
  const unknown = [...new Set(newestFirst.flatMap((revision) => revision.taskDefinition ?? []))]
    .filter((taskDefinition) => !known.has(taskDefinition))
    .slice(0, ORIGINS_READ);
  const described = await Promise.all(
    unknown.map((taskDefinition) => describeTaskDefinition(ecs, taskDefinition)),
  );
  unknown.forEach((taskDefinition, index) => {
    known.set(taskDefinition, originOf(taskDefinition, described[index]?.tags));
  });
  return known;
}
