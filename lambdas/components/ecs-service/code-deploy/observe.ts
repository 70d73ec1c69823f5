import type { CodeDeployClient, DeploymentInfo } from "@aws-sdk/client-codedeploy";
import type { Deployment, ECSClient, Service } from "@aws-sdk/client-ecs";
import type { Checkpoint } from "../../../contracts/ledger.ts";
import { type Content, originOf } from "../content.ts";
import type { Release } from "../history.ts";
import { recordedOf } from "../ledger-view.ts";
import type { Observed } from "../planning/situation.ts";
import { describeTaskDefinition, primaryTaskSet, type ServiceAddress } from "../reads.ts";
import { imagesOf, registrationOf } from "../registration.ts";
import { imagesRunning } from "../running-images.ts";
import { taskDefinitionIn } from "./app-spec.ts";
import { isOfStepback } from "./deploy.ts";
import { type DeploymentGroup, deploymentsOf, getDeployment, isOpen, isRollback, OPEN } from "./reads.ts";

/**
 * What an observer sees of a service that CodeDeploy deploys: task sets, the deployment in flight, and of history what
 * CodeDeploy tells of the deployment that serves. ECS keeps none [unverified, docs/facts/ecs.md §10.4].
 */
export async function observeByCodeDeploy(
  { ecs, codedeploy }: { readonly ecs: ECSClient; readonly codedeploy: CodeDeployClient },
  address: ServiceAddress,
  group: DeploymentGroup,
  { service, primary }: { readonly service: Service; readonly primary: Deployment },
  ledger: { readonly component: string; readonly checkpoints: readonly Checkpoint[] },
): Promise<Observed> {
  const serving = primaryTaskSet(service);
  const [[open], last, later] = await Promise.all([
    deploymentsOf(codedeploy, group, { statuses: OPEN }),
    serving?.externalId ? getDeployment(codedeploy, serving.externalId) : undefined,
    serving?.createdAt ? deploymentsOf(codedeploy, group, { since: serving.createdAt }) : [],
  ]);
  const deployed = open && !isRollback(open) ? deployedBy(open, service) : undefined;
  const read = (taskDefinition: string) => contentFrom(ecs, address, taskDefinition);
  const live = await read(serving?.taskDefinition ?? "");
  const before = taskDefinitionIn(last?.previousRevision);
  const broughtBack = last !== undefined && isOfStepback(last);
  const serves: Release = {
    ...live,
    revision: serving?.id ?? "",
    liveSince: serving?.createdAt ?? new Date(0),
  };
  const timeline: Release[] = [
    serves,
    ...(before ? [{ ...(await read(before)), revision: before, liveSince: new Date(0) }] : []),
    ...(broughtBack ? [{ ...serves, liveSince: new Date(0) }] : []),
  ];
  return {
    service,
    primary,
    current: deployed && deployed !== live.taskDefinition ? await read(deployed) : live,
    history: { deployments: [], revisions: new Map() },
    records: recordedOf(ledger.component, ledger.checkpoints),
    timeline,
    broughtBack,
    ecsWentBack: later.length > 0 && !later.some(isOpen) && !isShared(service),
    ...(open?.deploymentId ? { deploymentInFlight: open.deploymentId } : {}),
    ...(open?.createTime ? { changedAt: open.createTime } : {}),
  };
}

/**
 * Whether another task set may serve as well. What was deployed after the task set that serves, and is over, did not stay;
 * when nothing but the old set is left, it went back.
 */
const isShared = ({ taskSets = [] }: Service) => taskSets.some(({ status }) => status === "ACTIVE");

const deployedBy = (open: DeploymentInfo, service: Service) =>
  service.taskSets?.find(({ externalId }) => externalId === open.deploymentId)?.taskDefinition ??
  taskDefinitionIn(open.revision);

async function contentFrom(
  ecs: ECSClient,
  address: ServiceAddress,
  taskDefinition: string,
): Promise<Content> {
  const [described, ran] = await Promise.all([
    describeTaskDefinition(ecs, taskDefinition),
    imagesRunning(ecs, address, taskDefinition),
  ]);
  if (!described) return { taskDefinition, origin: taskDefinition, images: ran };
  const registration = registrationOf(described.taskDefinition, described.tags);
  const origin = originOf(taskDefinition, described.tags);
  return { taskDefinition, origin, images: imagesOf(registration, ran) };
}
