import {
  type Deployment,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type DesiredStatus,
  type ECSClient,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  type Service,
  type ServiceDeployment,
  type ServiceDeploymentBrief,
  type ServiceRevision,
  type Tag,
  type Task,
  type TaskDefinition,
  type TaskSet,
} from "@aws-sdk/client-ecs";
import { asked, isNamed } from "../aws-call.ts";

/** Where a service lives: cluster and service name. */
export interface ServiceAddress {
  readonly cluster: string;
  readonly service: string;
}

/** The most ARNs that DescribeServiceDeployments and DescribeServiceRevisions take [docs/facts/ecs.md §1.2]. */
const DESCRIBED_AT_ONCE = 20;

/** The service, or undefined when it or its cluster does not exist: MISSING is a failure entry, not an exception [§1.1]. */
export async function describeService(
  ecs: ECSClient,
  { cluster, service }: ServiceAddress,
): Promise<Service | undefined> {
  try {
    const answer = await asked(
      `Reading the service ${service} in ${cluster}`,
      ecs.send(new DescribeServicesCommand({ cluster, services: [service] })),
    );
    return answer.services?.[0];
  } catch (error) {
    if (isNamed(error, "ClusterNotFoundException")) return undefined;
    throw error;
  }
}

/**
 * What serves: the PRIMARY deployment, or the PRIMARY task set of a service whose deployments CodeDeploy makes, which
 * has an empty list of deployments [§1.1].
 */
export function primaryOf(service: Service): Deployment | undefined {
  const deployment = service.deployments?.find(({ status }) => status === "PRIMARY");
  return deployment ?? primaryTaskSet(service);
}

export function primaryTaskSet(service: Service): TaskSet | undefined {
  return service.taskSets?.find(({ status }) => status === "PRIMARY");
}

/** Every service deployment since `after`, newest first. The SDK has no paginator for it and AWS documents no order [§1.2]. */
export async function listServiceDeployments(
  ecs: ECSClient,
  { cluster, service }: ServiceAddress,
  after?: Date,
): Promise<ServiceDeploymentBrief[]> {
  const found: ServiceDeploymentBrief[] = [];
  let nextToken: string | undefined;
  do {
    const page = await asked(
      `Reading the deployments of ${service}`,
      ecs.send(
        new ListServiceDeploymentsCommand({
          cluster,
          service,
          maxResults: 100,
          ...(after ? { createdAt: { after } } : {}),
          ...(nextToken ? { nextToken } : {}),
        }),
      ),
    );
    found.push(...(page.serviceDeployments ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return found.sort((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0));
}

/** The service deployments that AWS still knows, in the order asked for. */
export async function describeServiceDeployments(
  ecs: ECSClient,
  arns: readonly string[],
): Promise<ServiceDeployment[]> {
  const pages = await Promise.all(
    chunks(arns).map((serviceDeploymentArns) =>
      asked(
        "Reading service deployments",
        ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns })),
      ),
    ),
  );
  const known = new Map(
    pages.flatMap((page) => page.serviceDeployments ?? []).map((one) => [one.serviceDeploymentArn, one]),
  );
  return arns.flatMap((arn) => known.get(arn) ?? []);
}

/** Service revisions by ARN; what AWS no longer knows is absent. */
export async function describeServiceRevisions(
  ecs: ECSClient,
  arns: Iterable<string>,
): Promise<ReadonlyMap<string, ServiceRevision>> {
  const pages = await Promise.all(
    chunks([...new Set(arns)]).map((serviceRevisionArns) =>
      asked(
        "Reading service revisions",
        ecs.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns })),
      ),
    ),
  );
  return new Map(
    pages
      .flatMap((page) => page.serviceRevisions ?? [])
      .map((revision) => [revision.serviceRevisionArn ?? "", revision]),
  );
}

export interface DescribedTaskDefinition {
  readonly taskDefinition: TaskDefinition;
  readonly tags: readonly Tag[];
}

/** A task definition with its tags, or undefined when AWS no longer (or never) knows it: AWS says ClientException then. */
export async function describeTaskDefinition(
  ecs: ECSClient,
  name: string,
): Promise<DescribedTaskDefinition | undefined> {
  try {
    const { taskDefinition, tags } = await asked(
      `Reading the task definition ${name}`,
      ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: name, include: ["TAGS"] })),
    );
    return taskDefinition && { taskDefinition, tags: tags ?? [] };
  } catch (error) {
    if (isNamed(error, "ClientException", "InvalidParameterException")) return undefined;
    throw error;
  }
}

/** Every task of a service, or of a family, with this desired status, all pages. */
export async function tasksOf(
  ecs: ECSClient,
  { cluster, ...of }: { readonly cluster: string; readonly service?: string; readonly family?: string },
  desiredStatus: DesiredStatus,
): Promise<Task[]> {
  const whose = of.service ?? of.family ?? cluster;
  const tasks: Task[] = [];
  let nextToken: string | undefined;
  do {
    // Pages of 100: as many as DescribeTasks takes [docs/facts/ecs.md §3.3].
    const page = await asked(
      `Listing the tasks of ${whose}`,
      ecs.send(
        new ListTasksCommand({
          cluster,
          ...(of.service === undefined ? { family: of.family } : { serviceName: of.service }),
          desiredStatus,
          maxResults: 100,
          ...(nextToken ? { nextToken } : {}),
        }),
      ),
    );
    nextToken = page.nextToken;
    if (!page.taskArns?.length) continue;
    const described = await asked(
      `Reading the tasks of ${whose}`,
      ecs.send(new DescribeTasksCommand({ cluster, tasks: page.taskArns })),
    );
    tasks.push(...(described.tasks ?? []));
  } while (nextToken);
  return tasks;
}

function chunks(arns: readonly string[]): string[][] {
  const count = Math.ceil(arns.length / DESCRIBED_AT_ONCE);
  return Array.from({ length: count }, (_, index) =>
    arns.slice(index * DESCRIBED_AT_ONCE, (index + 1) * DESCRIBED_AT_ONCE),
  );
}
