import type { Construct } from "constructs";
import type { DatabaseComponent } from "../../../lambdas/contracts/kinds/database.ts";
import { arnIn } from "../step-function.ts";
import { type Allow, OWN_TAGS_ONLY, ownNames, STAGING_ONLY } from "./database-move-limits.ts";

/** Restoring, configuring, protecting and discarding copies of one DB instance. */
export function grantMoveInstance(scope: Construct, allow: Allow, component: DatabaseComponent): void {
  const own = ownNames(component);
  const on = (kind: string, ...names: string[]) =>
    names.map((name) => arnIn(scope, "rds", `${kind}:${name}`));
  const everyDatabase = on("db", own.identifier, own.all);
  const staging = on("db", own.staging);
  // Finding by resource id is a list, and lists are authorised on all of their kind.
  allow({ actions: ["rds:DescribeDBInstances"], resources: on("db", "*") });
  allow({ actions: ["rds:DescribeDBSnapshots"], resources: on("snapshot", own.all) });
  // "db" means the source and the target; groups are the source's own, defaults among them.
  allow({
    actions: ["rds:RestoreDBInstanceToPointInTime"],
    resources: [...everyDatabase, ...on("pg", "*"), ...on("og", "*"), ...on("subgrp", "*")],
  });
  // Automated snapshots have names of AWS's; which one is restored is in the approved plan.
  allow({
    actions: ["rds:RestoreDBInstanceFromDBSnapshot"],
    resources: [...staging, ...on("snapshot", "*"), ...on("pg", "*"), ...on("og", "*"), ...on("subgrp", "*")],
  });
  allow({ actions: ["rds:CreateDBSnapshot"], resources: [...everyDatabase, ...on("snapshot", own.all)] });
  allow({
    actions: ["rds:ModifyDBInstance"],
    resources: [...everyDatabase, ...on("pg", "*"), ...on("og", "*")],
  });
  allow({ actions: ["rds:RebootDBInstance"], resources: staging });
  if (component.passRoles.length > 0) allow({ actions: ["rds:AddRoleToDBInstance"], resources: staging });
  // A copy carries people's tags as the original does; the original gets Stepback's only.
  allow({
    actions: ["rds:AddTagsToResource"],
    resources: [...on("db", own.all), ...on("snapshot", own.all)],
  });
  allow({
    actions: ["rds:AddTagsToResource", "rds:RemoveTagsFromResource"],
    resources: everyDatabase,
    conditions: OWN_TAGS_ONLY,
  });
  allow({ actions: ["rds:DeleteDBInstance"], resources: staging, conditions: STAGING_ONLY });
}
