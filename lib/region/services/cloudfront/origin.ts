import type { DistributionConfig } from "@aws-sdk/client-cloudfront";
import type { Behaviour } from "./behaviour.ts";

/** The bucket that a behaviour's requests go to, and the path in front of every key. */
export interface BucketOrigin {
  readonly bucket: string;
  readonly originPath: string;
}

const bucketDomain = /^(?<bucket>.+)\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com$/;

/** Only buckets are modelled as origins: a viewer who is routed elsewhere is an error of the drill. */
export function originOf(config: DistributionConfig, { TargetOriginId: id }: Behaviour): BucketOrigin {
  const origin = config.Origins?.Items?.find(({ Id }) => Id === id);
  const bucket = bucketDomain.exec(origin?.DomainName ?? "")?.groups?.["bucket"];
  if (bucket === undefined || origin?.S3OriginConfig === undefined) {
    throw new Error(`The simulated CloudFront serves from buckets only, not from the origin ${id}`);
  }
  return { bucket, originPath: origin.OriginPath ?? "" };
}
