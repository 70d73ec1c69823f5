import * as s3 from "@aws-sdk/client-s3";
import type { RegionContext } from "../../region-context.ts";
import { ServiceModel } from "../../service-model.ts";
import { addBucketOperations } from "./bucket-operations.ts";
import { addBucketResources } from "./bucket-resources.ts";
import { Buckets } from "./buckets.ts";
import { addCopyObject } from "./copy-object.ts";
import { addDeleteOperations } from "./delete-operations.ts";
import { addListOperations } from "./list-operations.ts";
import { addObjectOperations } from "./object-operations.ts";
import { addPutObject } from "./put-object.ts";

/**
 * S3: general purpose buckets with versions, conditional requests, tags, storage classes and bucket policies.
 *
 * @param buckets made by whoever also installs sites in them or reads them as a CloudFront origin
 */
export function s3Service(context: RegionContext, buckets = new Buckets(context)): ServiceModel {
  const client = new s3.S3Client({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const service = new ServiceModel("s3", s3, client);
  addBucketOperations(service, buckets);
  addPutObject(service, buckets);
  addObjectOperations(service, buckets);
  addCopyObject(service, buckets);
  addDeleteOperations(service, buckets);
  addListOperations(service, buckets);
  return addBucketResources(service, buckets);
}
