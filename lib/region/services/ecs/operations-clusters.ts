import * as sdk from "@aws-sdk/client-ecs";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import type { EcsWorld } from "./ecs-world.ts";
import { page } from "./page.ts";
import type { ClusterRecord } from "./service-record.ts";
import { isPending } from "./task-record.ts";

/** CreateCluster, DescribeClusters, ListClusters. */
export function clusterOperations(model: ServiceModel, world: EcsWorld): void {
  model
    .on(sdk.CreateClusterCommand, {
      accepts: ["clusterName", "settings", "tags"],
      authorize: (input) => [{ action: "ecs:CreateCluster", resource: world.clusterArn(input.clusterName) }],
      handle: (input) => {
        const name = world.clusterName(input.clusterName);
        const existing = world.clusters.get(name);
        const cluster = existing ?? makeCluster(world, name, input);
        world.clusters.set(name, cluster);
        return { cluster: describeCluster(world, cluster) };
      },
    })
    .on(sdk.DescribeClustersCommand, {
      accepts: ["clusters"],
      authorize: (input) =>
        (input.clusters ?? ["default"]).map((cluster) => ({
          action: "ecs:DescribeClusters",
          resource: world.clusterArn(cluster),
        })),
      handle: (input) => {
        const names = (input.clusters ?? ["default"]).map((reference) => world.clusterName(reference));
        return {
          clusters: names.flatMap((name) => {
            const cluster = world.clusters.get(name);
            return cluster ? [describeCluster(world, cluster)] : [];
          }),
          failures: names
            .filter((name) => !world.clusters.has(name))
            .map((name) => ({ arn: world.clusterArn(name), reason: "MISSING" })),
        };
      },
    })
    .on(sdk.ListClustersCommand, {
      accepts: ["nextToken", "maxResults"],
      // No resource types (Service Authorization Reference, Amazon ECS).
      authorize: () => [{ action: "ecs:ListClusters", resource: "*" }],
      handle: (input) => {
        const arns = [...world.clusters.values()].map(({ arn }) => arn);
        const { items, next } = page(arns, input, 100);
        return { clusterArns: items, ...next };
      },
    });
}

function makeCluster(world: EcsWorld, name: string, input: sdk.CreateClusterRequest): ClusterRecord {
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) {
    throw new AwsError("InvalidParameterException", "Invalid identifier: Identifier is not valid.");
  }
  const insights = input.settings?.find((setting) => setting.name === "containerInsights")?.value;
  return {
    name,
    arn: world.clusterArn(name),
    tags: [...(input.tags ?? [])],
    containerInsights: insights === "enabled" || insights === "enhanced",
  };
}

function describeCluster(world: EcsWorld, cluster: ClusterRecord): sdk.Cluster {
  const services = [...world.services.values()].filter(
    (service) => service.cluster === cluster && service.status === "ACTIVE",
  );
  const tasks = [...world.tasks.values()].filter((task) => task.cluster === cluster);
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: "ACTIVE",
    activeServicesCount: services.length,
    runningTasksCount: tasks.filter((task) => task.lastStatus === "RUNNING").length,
    pendingTasksCount: tasks.filter(isPending).length,
    registeredContainerInstancesCount: 0,
  };
}
