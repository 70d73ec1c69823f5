import * as sdk from "@aws-sdk/client-rds";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import { page } from "./page.ts";
import type { RdsPermissions } from "./permissions.ts";
import { badCombination } from "./rds-error.ts";
import type { RdsWorld } from "./rds-world.ts";

const QUOTAS = ["DBInstances", "AllocatedStorage", "ManualSnapshots", "DBClusters"] as const;

/** What a preflight looks at around the databases: quotas, events, blue/green deployments, maintenance, groups. */
export function accountOperations(model: ServiceModel, world: RdsWorld, permissions: RdsPermissions): void {
  model
    .on(sdk.DescribeAccountAttributesCommand, {
      accepts: [],
      authorize: () => [permissions.anywhere("DescribeAccountAttributes")],
      handle: () => ({
        AccountQuotas: QUOTAS.map((name) => ({
          AccountQuotaName: name,
          Used: world.used(name),
          Max: world.quotas[name],
        })),
      }),
    })
    .on(sdk.DescribeEventsCommand, {
      accepts: [
        "SourceIdentifier",
        "SourceType",
        "StartTime",
        "EndTime",
        "Duration",
        "EventCategories",
        "MaxRecords",
        "Marker",
      ],
      authorize: () => [permissions.anywhere("DescribeEvents")],
      handle: (input) => {
        const { items, ...next } = page(eventsFor(world, input), input);
        return { Events: items, ...next };
      },
    })
    .on(sdk.DescribeBlueGreenDeploymentsCommand, {
      accepts: ["MaxRecords", "Marker"],
      authorize: () => [permissions.anywhere("DescribeBlueGreenDeployments")],
      handle: (input) => {
        const { items, ...next } = page(world.blueGreenDeployments, input);
        const deployments = items.map(({ name, id, sourceArn }) => ({
          BlueGreenDeploymentName: name,
          BlueGreenDeploymentIdentifier: id,
          Source: sourceArn,
          Status: "AVAILABLE",
        }));
        return { BlueGreenDeployments: deployments, ...next };
      },
    })
    .on(sdk.DescribePendingMaintenanceActionsCommand, {
      accepts: ["ResourceIdentifier", "MaxRecords", "Marker"],
      authorize: ({ ResourceIdentifier: arn }) => [
        arn === undefined
          ? permissions.on("DescribePendingMaintenanceActions", "db", undefined)
          : permissions.onArn("DescribePendingMaintenanceActions", arn),
      ],
      handle: (input) => {
        const wanted = world.maintenance.filter(
          ({ resourceArn }) => !input.ResourceIdentifier || resourceArn === input.ResourceIdentifier,
        );
        const { items, ...next } = page(wanted, input);
        const actions = items.map(({ resourceArn, action }) => ({
          ResourceIdentifier: resourceArn,
          PendingMaintenanceActionDetails: [{ Action: action }],
        }));
        return { PendingMaintenanceActions: actions, ...next };
      },
    });
  parameterGroups(model, world, permissions);
}

function parameterGroups(model: ServiceModel, world: RdsWorld, permissions: RdsPermissions): void {
  model.on(sdk.DescribeDBParameterGroupsCommand, {
    accepts: ["DBParameterGroupName", "MaxRecords", "Marker"],
    authorize: ({ DBParameterGroupName }) => [
      permissions.on("DescribeDBParameterGroups", "pg", DBParameterGroupName),
    ],
    handle: (input) => {
      const { DBParameterGroupName: name } = input;
      const found = [...world.groups.parameterGroups].filter(([one]) => name === undefined || one === name);
      if (name !== undefined && found.length === 0) {
        throw new AwsError("DBParameterGroupNotFoundFault", `DBParameterGroup not found: ${name}`);
      }
      const { items, ...next } = page(found, input);
      const groups = items.map(([one, family]) => ({
        DBParameterGroupName: one,
        DBParameterGroupFamily: family,
        DBParameterGroupArn: world.arn("pg", one),
      }));
      return { DBParameterGroups: groups, ...next };
    },
  });
}

/** The last hour unless told; a source's name needs its type (docs/facts/database.md §6). */
function eventsFor(world: RdsWorld, input: sdk.DescribeEventsMessage): readonly sdk.Event[] {
  const { SourceIdentifier: name, SourceType: type, EventCategories: categories = [] } = input;
  if (name !== undefined && type === undefined) {
    throw badCombination("If SourceIdentifier is specified, SourceType must also be provided.");
  }
  const to = input.EndTime?.getTime() ?? world.now;
  const from = input.StartTime?.getTime() ?? to - (input.Duration ?? 60) * 60_000;
  return world.events
    .between(from, to)
    .filter(({ SourceType }) => type === undefined || SourceType === type)
    .filter(({ SourceIdentifier }) => name === undefined || SourceIdentifier === name.toLowerCase())
    .filter(
      ({ EventCategories }) =>
        categories.length === 0 || EventCategories?.some((one) => categories.includes(one)),
    );
}
