import { type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { KeptAddressOf } from "../../../lambdas/contracts/kept.ts";
import type { CacheComponent } from "../../../lambdas/contracts/kinds/cache.ts";
import { arnIn } from "../step-function.ts";
import { cacheParameterArn } from "./cache.ts";

/** What the daily look has to know of a cache; ways without a copy leave nothing behind. */
export function keptCacheAddress({ kind, clean }: CacheComponent): KeptAddressOf<"cache"> | undefined {
  return clean.way === "snapshot" ? { kind, clean } : undefined;
}

/** What finding the caches that nobody is sent to any more takes. Only reads. */
export function grantRememberCache(scope: Construct, grantee: IGrantable, { clean }: CacheComponent): void {
  if (clean.way !== "snapshot") return;
  const allow = (actions: string[], resource: string) =>
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [resource] }));
  // The host that services are sent to: no secret.
  allow(["ssm:GetParameter"], cacheParameterArn(scope, clean));
  // The one from before has any name once a copy's stands in the environment; ElastiCache authorises a list on all.
  const groups = arnIn(scope, "elasticache", "replicationgroup:*");
  allow(["elasticache:DescribeReplicationGroups", "elasticache:ListTagsForResource"], groups);
}
