import { AwsError, type Principal } from "../../service-model.ts";
import type { Authorize, Buckets } from "./buckets.ts";
import { checkReadable } from "./preconditions.ts";
import { s3Error } from "./s3-error.ts";
import type { ObjectVersion } from "./stored-object.ts";

/** What a CDN gets from a bucket as its origin. */
export type OriginRead =
  | { readonly status: 200; readonly object: ObjectVersion }
  | { readonly status: 403 | 404; readonly object: undefined };

/**
 * Reads objects the way a CloudFront distribution with origin access control does: as the service, for the
 * distribution, so that the bucket's policy (and the policy of a KMS key) must let it in. Without `s3:ListBucket` a
 * missing key is answered with 403, as to everybody else.
 *
 * @param authorize throws AwsError when the principal lacks a permission: `Identities.authorize`
 */
export function originReader(
  buckets: Buckets,
  authorize: Authorize,
): (distributionArn: string, bucket: string, key: string) => OriginRead {
  return (distributionArn, bucketName, key) => {
    const principal: Principal = {
      arn: "cloudfront.amazonaws.com",
      type: "service",
      sourceArn: distributionArn,
    };
    try {
      const bucket = buckets.find(bucketName);
      if (bucket === undefined) throw s3Error.noSuchBucket(bucketName);
      authorize(principal, buckets.reading(bucketName, key, undefined));
      const object = bucket.object(key, undefined);
      checkReadable(object);
      return { status: 200, object };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return { status: error.status === 404 ? 404 : 403, object: undefined };
    }
  };
}
