import {
  type Cluster,
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  type Service,
  type TaskDefinition,
} from "@aws-sdk/client-ecs";
import { asked, isNamed } from "../aws-call.ts";

/** The cluster; one that does not exist is a failure entry, no exception. */
export async function describeCluster(ecs: ECSClient, cluster: string): Promise<Cluster | undefined> {
  const command = new DescribeClustersCommand({ clusters: [cluster] });
  const { clusters } = await asked(`Reading the cluster ${cluster}`, ecs.send(command));
  return clusters?.[0];
}

/** The service, or undefined when it or its cluster does not exist (docs/facts/ecs.md §1.1). */
export async function describeServiceOf(
  ecs: ECSClient,
  { cluster, service }: { readonly cluster: string; readonly service: string },
): Promise<Service | undefined> {
  const command = new DescribeServicesCommand({ cluster, services: [service] });
  try {
    const { services } = await asked(`Reading the service ${service} in ${cluster}`, ecs.send(command));
    return services?.[0];
  } catch (error) {
    if (isNamed(error, "ClusterNotFoundException")) return undefined;
    throw error;
  }
}

/** A revision, or the newest active one of a family; undefined when AWS does not know it: it says ClientException then. */
export async function describeTaskDefinition(
  ecs: ECSClient,
  taskDefinition: string,
): Promise<TaskDefinition | undefined> {
  const command = new DescribeTaskDefinitionCommand({ taskDefinition });
  try {
    const answer = await asked(`Reading the task definition ${taskDefinition}`, ecs.send(command));
    return answer.taskDefinition;
  } catch (error) {
    if (isNamed(error, "ClientException", "InvalidParameterException")) return undefined;
    throw error;
  }
}
