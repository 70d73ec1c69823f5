import { Stack } from "aws-cdk-lib";
import { type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { FrontendComponent } from "../../../lambdas/contracts/kinds/frontend.ts";

/**
 * What saying which release is live takes. Actions: docs/facts/frontend-secrets-config.md §A.2, §A.3 and J; those of the
 * KeyValueStore are unverified there and named after its operations.
 */
export function grantObserveFrontend(
  scope: Construct,
  grantee: IGrantable,
  component: FrontendComponent,
): void {
  const { release } = component;
  const { distribution, live } = arnsOf(scope, component);
  if (release.strategy === "pointer") allow(grantee, KEY_VALUE_STORE_READS, [release.keyValueStore]);
  else if (release.strategy === "origin-path") allow(grantee, ["cloudfront:GetDistribution"], [distribution]);
  else allowReading(scope, grantee, component, [live]);
}

/** What planning takes beyond that: whether the target's entry points are still there. */
export function grantAssessFrontend(
  scope: Construct,
  grantee: IGrantable,
  component: FrontendComponent,
): void {
  grantObserveFrontend(scope, grantee, component);
  const { bucket, live, releases } = arnsOf(scope, component);
  const { release } = component;
  if (release.strategy === "versioned-bucket") {
    allow(grantee, ["s3:GetBucketVersioning", "s3:ListBucketVersions"], [bucket]);
    // What an earlier version was: HeadObject and GetObject with a version id.
    allow(grantee, ["s3:GetObjectVersion"], [live]);
    return;
  }
  allowReading(scope, grantee, component, [releases]);
  if (release.strategy === "release-prefix") allow(grantee, ["s3:GetBucketVersioning"], [bucket]);
}

/** What moving a frontend takes, for its mover alone. Versions are never deleted: nobody here may. */
export function grantMoveFrontend(scope: Construct, grantee: IGrantable, component: FrontendComponent): void {
  grantAssessFrontend(scope, grantee, component);
  const { distribution } = arnsOf(scope, component);
  const { release } = component;
  if (release.strategy === "pointer") {
    // One conditional write of the pointer.
    allow(grantee, ["cloudfront-keyvaluestore:PutKey"], [release.keyValueStore]);
  } else if (release.strategy === "origin-path") {
    // The configuration with its version, and the conditional update of it.
    allow(grantee, ["cloudfront:GetDistributionConfig", "cloudfront:UpdateDistribution"], [distribution]);
  } else {
    allowCopying(scope, grantee, component);
  }
  // Where each release has cache keys of its own, only what the team asks for is invalidated.
  if (release.strategy !== "pointer" || component.invalidate !== "entry-points") {
    allow(grantee, ["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"], [distribution]);
  }
}

const KEY_VALUE_STORE_READS = [
  "cloudfront-keyvaluestore:DescribeKeyValueStore",
  "cloudfront-keyvaluestore:GetKey",
];

function allowCopying(scope: Construct, grantee: IGrantable, component: FrontendComponent): void {
  const { bucket, live, releases } = arnsOf(scope, component);
  const { release, kmsKeys } = component;
  // What is live, version by version: compared with the target, and what a revert copies back.
  allow(grantee, ["s3:ListBucketVersions"], [bucket]);
  allow(grantee, ["s3:GetObjectVersion", "s3:GetObjectVersionTagging"], [live]);
  // A release's own objects are copied as they are, with their tags.
  if (release.strategy === "release-prefix") allow(grantee, ["s3:GetObjectTagging"], [releases]);
  // New versions with their tags, and delete markers for what a rollback or its revert takes away.
  allow(grantee, ["s3:PutObject", "s3:PutObjectTagging", "s3:DeleteObject"], [live]);
  // Copies stay encrypted with the key of their source.
  if (kmsKeys.length > 0) allow(grantee, ["kms:GenerateDataKey"], kmsKeys);
}

/** Reading current objects. Without `s3:ListBucket` S3 says "denied" of an object that is not there. */
function allowReading(
  scope: Construct,
  grantee: IGrantable,
  component: FrontendComponent,
  objects: string[],
): void {
  allow(grantee, ["s3:GetObject"], objects);
  allow(grantee, ["s3:ListBucket"], [arnsOf(scope, component).bucket]);
  if (component.kmsKeys.length > 0) allow(grantee, ["kms:Decrypt"], component.kmsKeys);
}

function allow(grantee: IGrantable, actions: string[], resources: string[]): void {
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
}

function arnsOf(scope: Construct, { bucket: name, distribution, release }: FrontendComponent) {
  const { partition, account } = Stack.of(scope);
  const bucket = `arn:${partition}:s3:::${name}`;
  return {
    bucket,
    live: `${bucket}/${"live" in release ? release.live : ""}*`,
    releases: `${bucket}/${"releases" in release ? release.releases : ""}*`,
    distribution: `arn:${partition}:cloudfront::${account}:distribution/${distribution}`,
  };
}
