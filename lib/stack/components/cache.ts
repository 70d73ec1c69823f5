import { type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { Component } from "../../../lambdas/contracts/environment.ts";
import type { CacheComponent } from "../../../lambdas/contracts/kinds/cache.ts";
import type { TaskComponent } from "../../../lambdas/contracts/kinds/task.ts";
import { arnIn } from "../step-function.ts";
import { grantAssessTask, grantRunTask } from "./task.ts";

type Neighbours = Readonly<Record<string, Component>>;
type Clean = CacheComponent["clean"];
type Copy = Extract<Clean, { readonly way: "snapshot" }>;

/** What planning the cleaning of a cache takes: its epoch, its task, or the cache with its snapshots. */
export function grantAssessCache(
  scope: Construct,
  grantee: IGrantable,
  { clean }: CacheComponent,
  neighbours: Neighbours,
): void {
  if (clean.way === "flush") {
    const task = taskOf(clean.task, neighbours);
    if (task) grantAssessTask(scope, grantee, task, neighbours);
    return;
  }
  // The epoch's or the host's parameter, nothing else; neither is a secret.
  allow(grantee, { actions: ["ssm:GetParameter"], resources: [cacheParameterArn(scope, clean)] });
  if (clean.way === "epoch") return;
  describeCache(scope, grantee, clean, [clean.replicationGroup]);
  // The snapshots' names are not known: AWS makes those of the automatic ones.
  allow(grantee, {
    actions: ["elasticache:DescribeSnapshots"],
    resources: [arnIn(scope, "elasticache", "snapshot:*")],
  });
}

/** What cleaning a cache takes, for its mover alone. */
export function grantMoveCache(
  scope: Construct,
  grantee: IGrantable,
  { clean }: CacheComponent,
  neighbours: Neighbours,
): void {
  if (clean.way === "flush") {
    const task = taskOf(clean.task, neighbours);
    if (task) grantRunTask(scope, grantee, task);
    return;
  }
  // The history tells the settings beside the value, which a new version has to repeat.
  allow(grantee, {
    actions: ["ssm:GetParameter", "ssm:GetParameterHistory", "ssm:PutParameter"],
    resources: [cacheParameterArn(scope, clean)],
  });
  if (clean.way === "snapshot") grantCopy(scope, grantee, clean);
}

/**
 * Making and removing copies: only under Stepback's names, and only with the tag that says what they are copies of. Which
 * resources the actions take is from the Service Authorization Reference by memory: unverified.
 */
function grantCopy(scope: Construct, grantee: IGrantable, clean: Copy): void {
  const copies = copyOf(clean);
  const copy = arnIn(scope, "elasticache", `replicationgroup:${copies}`);
  describeCache(scope, grantee, clean, [clean.replicationGroup, copies]);
  allow(grantee, { actions: ["elasticache:ListTagsForResource"], resources: [copy] });
  allow(grantee, {
    actions: ["elasticache:CreateReplicationGroup", "elasticache:AddTagsToResource"],
    resources: [copy],
    conditions: { StringEquals: { "aws:RequestTag/stepback:source": clean.replicationGroup } },
  });
  // What a new cache is made of: none of these is changed by it.
  allow(grantee, {
    actions: ["elasticache:CreateReplicationGroup"],
    resources: ["snapshot:*", "parametergroup:*", "subnetgroup:*", "usergroup:*"].map((resource) =>
      arnIn(scope, "elasticache", resource),
    ),
  });
  allow(grantee, {
    actions: ["elasticache:DeleteReplicationGroup"],
    resources: [copy],
    conditions: { StringEquals: { "aws:ResourceTag/stepback:source": clean.replicationGroup } },
  });
}

function describeCache(scope: Construct, grantee: IGrantable, clean: Copy, groups: readonly string[]): void {
  allow(grantee, {
    actions: ["elasticache:DescribeReplicationGroups"],
    resources: groups.map((group) => arnIn(scope, "elasticache", `replicationgroup:${group}`)),
  });
  // Its nodes are called after it, with a number.
  allow(grantee, {
    actions: ["elasticache:DescribeCacheClusters"],
    resources: [arnIn(scope, "elasticache", `cluster:${clean.replicationGroup}-*`)],
  });
}

/** The names that the mover makes for copies (`copyName`): the beginning of the source's, and what marks a copy. */
function copyOf({ replicationGroup }: Copy): string {
  return `${replicationGroup.slice(0, 28).replace(/-+$/, "")}-sb-*`;
}

export function cacheParameterArn(
  scope: Construct,
  clean: Exclude<Clean, { readonly way: "flush" }>,
): string {
  const name = clean.way === "epoch" ? clean.parameter : clean.endpointParameter;
  return arnIn(scope, "ssm", `parameter/${name.replace(/^\//, "")}`);
}

function taskOf(name: string, neighbours: Neighbours): TaskComponent | undefined {
  const task = neighbours[name];
  return task?.kind === "task" ? task : undefined;
}

function allow(grantee: IGrantable, statement: ConstructorParameters<typeof PolicyStatement>[0]): void {
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement(statement));
}
