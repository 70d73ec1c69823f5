import * as s3 from "@aws-sdk/client-s3";
import type { ServiceModel } from "../../service-model.ts";
import type { Buckets } from "./buckets.ts";
import { s3Error } from "./s3-error.ts";

/** Operations on buckets themselves. */
export function addBucketOperations(service: ServiceModel, buckets: Buckets): ServiceModel {
  service
    .on(s3.CreateBucketCommand, {
      accepts: ["Bucket", "CreateBucketConfiguration.LocationConstraint"],
      authorize: (input) => [buckets.onBucket("CreateBucket", input.Bucket)],
      handle: (input) => {
        checkLocation(buckets.context.region, input.CreateBucketConfiguration?.LocationConstraint);
        const bucket = buckets.create(input.Bucket ?? "");
        return { Location: `/${bucket.name}`, BucketArn: bucket.arn };
      },
    })
    .on(s3.HeadBucketCommand, {
      accepts: ["Bucket", "ExpectedBucketOwner"],
      authorize: (input) => [buckets.onBucket("ListBucket", input.Bucket)],
      handle: (input) => {
        if (buckets.find(input.Bucket) === undefined) throw s3Error.notFound();
        buckets.get(input.Bucket, input.ExpectedBucketOwner);
        return { BucketRegion: buckets.context.region };
      },
    })
    .on(s3.ListBucketsCommand, {
      accepts: ["Prefix"],
      authorize: () => [{ action: "s3:ListAllMyBuckets", resource: "*" }],
      handle: ({ Prefix: prefix = "" }) => ({
        Buckets: buckets
          .all()
          .filter(({ name }) => name.startsWith(prefix))
          .map(({ name, createdAt }) => ({ Name: name, CreationDate: createdAt })),
      }),
    });
  return addVersioning(service, buckets);
}

function addVersioning(service: ServiceModel, buckets: Buckets): ServiceModel {
  return service
    .on(s3.GetBucketVersioningCommand, {
      accepts: ["Bucket", "ExpectedBucketOwner"],
      authorize: (input) => [buckets.onBucket("GetBucketVersioning", input.Bucket)],
      handle: (input) => {
        const { versioning } = buckets.get(input.Bucket, input.ExpectedBucketOwner);
        return versioning === undefined ? {} : { Status: versioning };
      },
    })
    .on(s3.PutBucketVersioningCommand, {
      accepts: [
        "Bucket",
        "VersioningConfiguration.Status",
        "ContentMD5",
        "ChecksumAlgorithm",
        "ExpectedBucketOwner",
      ],
      authorize: (input) => [buckets.onBucket("PutBucketVersioning", input.Bucket)],
      handle: (input) => {
        const status = input.VersioningConfiguration?.Status;
        if (status !== "Enabled" && status !== "Suspended") throw s3Error.malformed();
        buckets.get(input.Bucket, input.ExpectedBucketOwner).versioning = status;
        return {};
      },
    })
    .on(s3.GetBucketLocationCommand, {
      accepts: ["Bucket", "ExpectedBucketOwner"],
      authorize: (input) => [buckets.onBucket("GetBucketLocation", input.Bucket)],
      handle: (input) => {
        buckets.get(input.Bucket, input.ExpectedBucketOwner);
        const constraint = Object.values(s3.BucketLocationConstraint).find(
          (region) => region === buckets.context.region,
        );
        return constraint === undefined ? {} : { LocationConstraint: constraint };
      },
    });
}

/** us-east-1 is the region without a constraint (API reference, CreateBucket). */
function checkLocation(region: string, constraint: string | undefined): void {
  if ((constraint ?? "us-east-1") === region) return;
  throw s3Error.invalidArgument(
    `The ${constraint ?? "unspecified"} location constraint is incompatible ` +
      "for the region specific endpoint this request was sent to.",
  );
}
