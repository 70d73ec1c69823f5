import * as sdk from "@aws-sdk/client-rds";
import { AwsError, type Permission, type ServiceModel } from "../../service-model.ts";
import { page } from "./page.ts";
import type { RdsPermissions } from "./permissions.ts";
import { deregister, describeTargets, isReachable, namedTarget, register } from "./proxies.ts";
import type { ProxyRecord, ProxyTarget } from "./proxy-record.ts";
import type { RdsWorld } from "./rds-world.ts";

/** RDS Proxy: which database is behind it, and to put another there. */
export function proxyOperations(model: ServiceModel, world: RdsWorld, permissions: RdsPermissions): void {
  const groupOf = (name: string | undefined) =>
    world.proxies.find((proxy) => proxy.name === name)?.targetGroupArn;
  const onGroup = (action: string, name: string | undefined): Permission =>
    permissions.onArn(action, groupOf(name) ?? world.arn("target-group", "*"));
  model
    .on(sdk.DescribeDBProxiesCommand, {
      accepts: ["DBProxyName", "MaxRecords", "Marker"],
      authorize: ({ DBProxyName }) => [
        permissions.onArn(
          "DescribeDBProxies",
          proxyNamed(world, DBProxyName)?.arn ?? world.arn("db-proxy", "*"),
        ),
      ],
      handle: (input) => {
        const proxies = input.DBProxyName === undefined ? world.proxies : [proxy(world, input.DBProxyName)];
        const { items, ...next } = page(proxies, input);
        return { DBProxies: items.map(describeProxy), ...next };
      },
    })
    .on(sdk.DescribeDBProxyTargetsCommand, {
      accepts: ["DBProxyName", "TargetGroupName", "MaxRecords", "Marker"],
      authorize: ({ DBProxyName }) => [onGroup("DescribeDBProxyTargets", DBProxyName)],
      handle: (input) => {
        const found = proxy(world, input.DBProxyName, input.TargetGroupName);
        return { Targets: found.target ? describeTargets(world, found, found.target) : [] };
      },
    })
    .on(sdk.RegisterDBProxyTargetsCommand, {
      accepts: ["DBProxyName", "TargetGroupName", "DBInstanceIdentifiers", "DBClusterIdentifiers"],
      authorize: (input) => [
        onGroup("RegisterDBProxyTargets", input.DBProxyName),
        // Its resource types are the target group and instances, no clusters (docs/facts/database.md §10).
        ...targets(permissions, "RegisterDBProxyTargets", { ...input, DBClusterIdentifiers: [] }),
      ],
      handle: (input) => {
        const found = proxy(world, input.DBProxyName, input.TargetGroupName);
        const { kind, name } = namedTarget(input);
        const target = register(world, found, kind, name);
        tellAvailability(world, found, target);
        world.context.kernel.log.write("rds", "proxy target registered", {
          proxy: found.name,
          target: target.id,
        });
        return { DBProxyTargets: describeTargets(world, found, target) };
      },
    })
    .on(sdk.DeregisterDBProxyTargetsCommand, {
      accepts: ["DBProxyName", "TargetGroupName", "DBInstanceIdentifiers", "DBClusterIdentifiers"],
      authorize: (input) => [
        onGroup("DeregisterDBProxyTargets", input.DBProxyName),
        permissions.onArn(
          "DeregisterDBProxyTargets",
          proxyNamed(world, input.DBProxyName)?.arn ?? world.arn("db-proxy", "*"),
        ),
        ...targets(permissions, "DeregisterDBProxyTargets", input),
      ],
      handle: (input) => {
        const found = proxy(world, input.DBProxyName, input.TargetGroupName);
        const { kind, name } = namedTarget(input);
        deregister(found, kind, name);
        world.context.kernel.log.write("rds", "proxy target deregistered", {
          proxy: found.name,
          target: name,
        });
        return {};
      },
    });
}

/** Logs the moment from which the proxy serves, when nothing but its own work is in the way. */
function tellAvailability(world: RdsWorld, proxy: ProxyRecord, target: ProxyTarget): void {
  world.context.kernel.schedule(target.readyAt - world.now, () => {
    if (proxy.target !== target || !isReachable(world, proxy)) return;
    world.context.kernel.log.write("rds", "proxy target available", { proxy: proxy.name, target: target.id });
  });
}

function targets(
  permissions: RdsPermissions,
  action: string,
  input: sdk.RegisterDBProxyTargetsRequest,
): Permission[] {
  return [
    ...(input.DBInstanceIdentifiers ?? []).map((name) => permissions.on(action, "db", name)),
    ...(input.DBClusterIdentifiers ?? []).map((name) => permissions.on(action, "cluster", name)),
  ];
}

function proxyNamed(world: RdsWorld, name: string | undefined): ProxyRecord | undefined {
  return world.proxies.find((one) => one.name === name);
}

function proxy(world: RdsWorld, name: string | undefined, group = "default"): ProxyRecord {
  const found = proxyNamed(world, name);
  if (!found) throw new AwsError("DBProxyNotFoundFault", `DBProxy ${name} doesn't exist.`);
  if (group !== "default") {
    throw new AwsError(
      "DBProxyTargetGroupNotFoundFault",
      `The target group ${group} of ${name} doesn't exist.`,
    );
  }
  return found;
}

function describeProxy(found: ProxyRecord): sdk.DBProxy {
  return {
    DBProxyName: found.name,
    DBProxyArn: found.arn,
    Status: "available",
    EngineFamily: found.engineFamily,
    Endpoint: found.host,
    VpcSecurityGroupIds: [...found.vpcSecurityGroupIds],
    Auth: [{ AuthScheme: "SECRETS", SecretArn: found.secretArn, IAMAuth: "DISABLED" }],
    CreatedDate: new Date(found.createdAt),
  };
}
