import { AwsError } from "../../service-model.ts";

/**
 * The errors of S3 that this model answers with (S3 API reference, "Error responses", unless said otherwise).
 */
export const s3Error = {
  noSuchBucket: (bucket: string) =>
    new AwsError("NoSuchBucket", "The specified bucket does not exist", 404, { BucketName: bucket }),
  noSuchKey: (key: string) =>
    new AwsError("NoSuchKey", "The specified key does not exist.", 404, { Key: key }),
  noSuchVersion: (key: string, versionId: string) =>
    new AwsError("NoSuchVersion", "The specified version does not exist.", 404, {
      Key: key,
      VersionId: versionId,
    }),
  /** HEAD has no body, so the SDK knows only the status. */
  notFound: () => new AwsError("NotFound", "Not Found", 404),
  methodNotAllowed: () =>
    new AwsError("MethodNotAllowed", "The specified method is not allowed against this resource.", 405),
  preconditionFailed: (header: string) =>
    new AwsError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412, {
      Condition: header,
    }),
  conditionalRequestConflict: (key: string) =>
    new AwsError(
      "ConditionalRequestConflict",
      "The conditional request cannot succeed due to a conflicting operation against this resource.",
      409,
      { Key: key },
    ),
  /** The answer to reading what is in an archive (docs/facts/frontend-secrets-config.md §A.3, step 5). */
  invalidObjectState: (storageClass: string, accessTier?: string) =>
    new AwsError(
      "InvalidObjectState",
      "The operation is not valid for the object's storage class",
      403,
      accessTier === undefined
        ? { StorageClass: storageClass }
        : { StorageClass: storageClass, AccessTier: accessTier },
    ),
  /** CopyObject's own error for an archived source (SDK, ObjectNotInActiveTierError). */
  notInActiveTier: () =>
    new AwsError(
      "ObjectNotInActiveTierError",
      "The source object of the COPY action is not in the active tier and is only stored in Amazon S3 Glacier.",
      403,
    ),
  notModified: () => new AwsError("NotModified", "Not Modified", 304),
  notImplemented: (what: string) =>
    new AwsError(
      "NotImplemented",
      `A header you provided implies functionality that is not implemented: ${what}`,
      501,
    ),
  badDigest: (what: string) =>
    new AwsError("BadDigest", `The ${what} you specified did not match what we received.`, 400),
  invalidArgument: (message: string) => new AwsError("InvalidArgument", message, 400),
  invalidRequest: (message: string) => new AwsError("InvalidRequest", message, 400),
  malformed: () =>
    new AwsError(
      "MalformedXML",
      "The XML you provided was not well-formed or did not validate against our published schema",
      400,
    ),
  accessDenied: () => new AwsError("AccessDenied", "Access Denied", 403),
};
