import { DeleteObjectsCommand } from "@aws-sdk/client-s3";
import { StepbackError } from "../../../contracts/errors.ts";
import { asked } from "../../aws-call.ts";
import { head } from "./copy-object.ts";
import type { Write, WriteOutcome, WritePlace } from "./write.ts";

/**
 * Hides keys behind delete markers, at most 1,000 in one call, each only while it is what the plan saw. Never a version
 * is deleted: the bad release stays in the bucket. Some keys may be refused in an answer of 200
 * (docs/facts/frontend-secrets-config.md §A.3, "Deletes").
 */
export async function deleteObjects(place: WritePlace, writes: readonly Write[]): Promise<WriteOutcome[]> {
  const { s3, bucket, account } = place;
  const objects = writes.map(({ key, over, wrote }) => {
    const etag = wrote?.etag ?? over?.etag;
    return { Key: key, ...(etag ? { ETag: etag } : {}) };
  });
  const answer = await asked(
    `Hiding ${objects.length} keys of ${bucket}`,
    s3.send(
      new DeleteObjectsCommand({
        Bucket: bucket,
        Delete: { Objects: objects },
        ExpectedBucketOwner: account,
      }),
    ),
  );
  const errors = new Map((answer.Errors ?? []).map((error) => [error.Key ?? "", error]));
  const markers = new Map((answer.Deleted ?? []).map((one) => [one.Key ?? "", one.DeleteMarkerVersionId]));
  return Promise.all(
    writes.map(async ({ key }): Promise<WriteOutcome> => {
      const error = errors.get(key);
      const marker = markers.get(key);
      if (!error) return { outcome: "written", row: { key, ...(marker ? { versionId: marker } : {}) } };
      return refused(place, key, error);
    }),
  );
}

/** Which code stands for a key that is gone already is unverified, so the key itself is looked at. */
async function refused(
  place: WritePlace,
  key: string,
  {
    Code: code = "",
    Message: message = "",
  }: { readonly Code?: string | undefined; readonly Message?: string | undefined },
): Promise<WriteOutcome> {
  if (["InternalError", "SlowDown", "ServiceUnavailable", "ConditionalRequestConflict"].includes(code)) {
    throw new StepbackError("AwsBusy", `Hiding ${key}: ${code}: ${message}`);
  }
  if (code === "AccessDenied") throw new StepbackError("NotAllowed", `Hiding ${key}: ${message}`);
  if (!(await head(place, { key }))) return { outcome: "written", row: { key } };
  if (code === "PreconditionFailed") return { outcome: "changed-by-others", key };
  return {
    outcome: "problem",
    code: "REFUSED_BY_AWS",
    note: `AWS would not hide ${key}: ${code}: ${message}.`,
  };
}
