import * as elasticache from "@aws-sdk/client-elasticache";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import type { Caches, ServerlessCache, Snapshot } from "./caches.ts";
import { checkedId, restorable } from "./create-replication-group.ts";
import { onArn, onCache, tagOnCreate, tagRecord } from "./permissions.ts";

/** "10-30+ min" for a restored cache (docs/facts/frontend-secrets-config.md §D); no figure for serverless ones: unverified. */
const CREATION_MINUTES = [10, 30] as const;

export function addServerlessOperations(model: ServiceModel, caches: Caches): void {
  model
    .on(elasticache.DescribeServerlessCachesCommand, {
      accepts: ["ServerlessCacheName", "MaxResults", "NextToken"],
      authorize: ({ ServerlessCacheName: name }) => [
        onCache(caches, "DescribeServerlessCaches", "serverlesscache", name),
      ],
      handle: ({ ServerlessCacheName: name, MaxResults = 50, NextToken }) => {
        const asked =
          name === undefined ? [...caches.serverlessCaches.values()] : [caches.serverlessCache(name)];
        const from = Number.parseInt(NextToken ?? "0", 36);
        if (Number.isNaN(from)) throw new AwsError("InvalidParameterValueException", "Invalid NextToken");
        const to = from + MaxResults;
        const next = to < asked.length ? { NextToken: to.toString(36) } : {};
        return { ServerlessCaches: asked.slice(from, to).map((cache) => described(caches, cache)), ...next };
      },
    })
    .on(elasticache.CreateServerlessCacheCommand, {
      accepts: [
        "ServerlessCacheName",
        "Description",
        "Engine",
        "MajorEngineVersion",
        "SnapshotArnsToRestore",
        "SecurityGroupIds",
        "SubnetIds",
        "KmsKeyId",
        "UserGroupId",
        "Tags",
      ],
      authorize: ({ ServerlessCacheName: name, SnapshotArnsToRestore = [], UserGroupId: users, Tags }) => {
        const action = "CreateServerlessCache";
        const cache = onCache(caches, action, "serverlesscache", name, Tags);
        return [
          cache,
          ...SnapshotArnsToRestore.map((arn) => onArn(caches, action, arn)),
          ...(users === undefined ? [] : [onCache(caches, action, "usergroup", users)]),
          ...tagOnCreate(caches, cache.resource, Tags),
        ];
      },
      handle: (input) => {
        const cache = createServerlessCache(caches, input);
        caches.tag(cache.arn, tagRecord(input.Tags));
        return { ServerlessCache: described(caches, cache) };
      },
    });
}

function createServerlessCache(
  caches: Caches,
  input: elasticache.CreateServerlessCacheRequest,
): ServerlessCache {
  const name = checkedId(input.ServerlessCacheName, 40);
  if (caches.serverlessCaches.has(name)) {
    throw new AwsError("ServerlessCacheAlreadyExistsFault", `ServerlessCache ${name} already exists.`);
  }
  const snapshots = (input.SnapshotArnsToRestore ?? []).map((arn) => snapshotOf(caches, arn));
  const cache: ServerlessCache = {
    name,
    arn: caches.arn("serverlesscache", name),
    description: input.Description ?? "",
    engine: input.Engine ?? "",
    majorEngineVersion: input.MajorEngineVersion ?? (input.Engine === "valkey" ? "8" : "7"),
    createdAt: caches.context.kernel.date(),
    kmsKeyId: input.KmsKeyId,
    securityGroupIds: input.SecurityGroupIds ?? [],
    subnetIds: input.SubnetIds ?? [],
    userGroupId: input.UserGroupId,
    status: "CREATING",
    content: new Map(snapshots.flatMap(({ content }) => [...content])),
  };
  caches.serverlessCaches.set(name, cache);
  for (const snapshot of snapshots) snapshot.status = "restoring";
  caches.log("serverless cache creating", { name });
  caches.afterMinutes(CREATION_MINUTES, () => {
    cache.status = "AVAILABLE";
    for (const snapshot of snapshots) snapshot.status = "available";
    caches.log("serverless cache available", { name });
  });
  return cache;
}

/** Snapshots of node-based caches; those of serverless caches are not modelled. */
function snapshotOf(caches: Caches, arn: string): Snapshot {
  const [kind, name] = arn.split(":").slice(-2);
  if (kind === "snapshot" && name !== undefined) return restorable(caches, name);
  const message = `Stepback's simulated region does not model restoring from ${arn}`;
  throw new AwsError("NotImplemented", message, 501);
}

function described(caches: Caches, cache: ServerlessCache): elasticache.ServerlessCache {
  const { account, region } = caches.context;
  const host = `${cache.name}-${account.slice(-6)}.serverless.${region}.cache.amazonaws.com`;
  return {
    ServerlessCacheName: cache.name,
    ARN: cache.arn,
    Description: cache.description,
    CreateTime: cache.createdAt,
    Status: cache.status,
    Engine: cache.engine,
    MajorEngineVersion: cache.majorEngineVersion,
    SecurityGroupIds: [...cache.securityGroupIds],
    SubnetIds: [...cache.subnetIds],
    ...(cache.kmsKeyId === undefined ? {} : { KmsKeyId: cache.kmsKeyId }),
    ...(cache.userGroupId === undefined ? {} : { UserGroupId: cache.userGroupId }),
    ...(cache.status === "AVAILABLE" ? { Endpoint: { Address: host, Port: 6379 } } : {}),
  };
}
