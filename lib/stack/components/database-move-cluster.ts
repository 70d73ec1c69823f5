import type { Construct } from "constructs";
import type { DatabaseComponent } from "../../../lambdas/contracts/kinds/database.ts";
import { arnIn } from "../step-function.ts";
import { type Allow, OWN_TAGS_ONLY, ownNames, STAGING_ONLY } from "./database-move-limits.ts";

/** Restoring, configuring, protecting, winding back and discarding copies of one Aurora cluster. */
export function grantMoveCluster(scope: Construct, allow: Allow, component: DatabaseComponent): void {
  const own = ownNames(component);
  const on = (kind: string, ...names: string[]) =>
    names.map((name) => arnIn(scope, "rds", `${kind}:${name}`));
  const clusters = on("cluster", own.identifier, own.all);
  const staging = on("cluster", own.staging);
  const members = on("db", own.staging);
  const groups = [...on("cluster-pg", "*"), ...on("og", "*"), ...on("subgrp", "*")];
  // Finding by resource id is a list, and lists are authorised on all of their kind; members have names of their own.
  allow({ actions: ["rds:DescribeDBClusters"], resources: on("cluster", "*") });
  allow({ actions: ["rds:DescribeDBInstances"], resources: on("db", "*") });
  allow({
    actions: ["rds:DescribeDBClusterSnapshots"],
    resources: [...on("cluster", "*"), ...on("cluster-snapshot", own.all)],
  });
  allow({ actions: ["rds:RestoreDBClusterToPointInTime"], resources: [...clusters, ...groups] });
  // Automated snapshots have names of AWS's; which one is restored is in the approved plan.
  allow({
    actions: ["rds:RestoreDBClusterFromSnapshot"],
    resources: [...staging, ...on("cluster-snapshot", "*"), ...groups],
  });
  allow({
    actions: ["rds:CreateDBInstance"],
    resources: [...members, ...staging, ...on("pg", "*"), ...on("og", "*"), ...on("subgrp", "*")],
  });
  allow({
    actions: ["rds:CreateDBClusterSnapshot"],
    resources: [...clusters, ...on("cluster-snapshot", own.all)],
  });
  allow({
    actions: ["rds:ModifyDBCluster"],
    resources: [...clusters, ...on("cluster-pg", "*"), ...on("og", "*")],
  });
  allow({ actions: ["rds:RebootDBInstance"], resources: members });
  allow({ actions: ["rds:EnableHttpEndpoint"], resources: staging });
  // A copy carries people's tags as the original does; the original gets Stepback's only.
  allow({
    actions: ["rds:AddTagsToResource"],
    resources: [...on("cluster", own.all), ...on("db", own.all), ...on("cluster-snapshot", own.all)],
  });
  allow({
    actions: ["rds:AddTagsToResource", "rds:RemoveTagsFromResource"],
    resources: [...clusters, ...on("db", own.all)],
    conditions: OWN_TAGS_ONLY,
  });
  allow({
    actions: ["rds:DeleteDBInstance", "rds:DeleteDBCluster"],
    resources: [...members, ...staging],
    conditions: STAGING_ONLY,
  });
  // The action asks for the final snapshot too, which has no tags yet; there never is one.
  allow({ actions: ["rds:DeleteDBCluster"], resources: on("cluster-snapshot", "*") });
  if (component.backtrack === "prefer") {
    allow({ actions: ["rds:BacktrackDBCluster", "rds:DescribeDBClusterBacktracks"], resources: clusters });
  }
}
