import type { Permission, PolicyDocument } from "../../service-model.ts";
import { s3Error } from "./s3-error.ts";

/** How an object is encrypted: with S3's own keys, which is what every object gets at least, or with a KMS key. */
export interface Encryption {
  readonly algorithm: "AES256" | "aws:kms";
  /** The key's ARN, with `aws:kms` only. */
  readonly keyArn?: string;
  readonly bucketKey?: boolean;
}

/** With S3 managed keys, the default since January 2023 (user guide, "Setting default encryption"). */
export const S3_MANAGED: Encryption = { algorithm: "AES256" };

interface EncryptionInput {
  readonly ServerSideEncryption?: string | undefined;
  readonly SSEKMSKeyId?: string | undefined;
  readonly BucketKeyEnabled?: boolean | undefined;
}

/**
 * What a write asks for. It counts for this request alone: neither the version that is overwritten nor the source of a
 * copy lends its encryption (docs/facts/frontend-secrets-config.md §A.3, CopyObject).
 */
export function encryptionOf(input: EncryptionInput): Encryption {
  const { ServerSideEncryption: algorithm = "AES256", SSEKMSKeyId: key } = input;
  if (algorithm === "AES256") {
    if (key === undefined) return S3_MANAGED;
    throw s3Error.invalidArgument(
      "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms",
    );
  }
  if (algorithm !== "aws:kms") throw s3Error.notImplemented(`x-amz-server-side-encryption ${algorithm}`);
  // Aliases and the AWS managed key would need KMS to resolve them.
  if (!key?.startsWith("arn:aws:kms:") || !key.includes(":key/")) {
    throw s3Error.notImplemented("aws:kms without the ARN of a key");
  }
  return { algorithm, keyArn: key, bucketKey: input.BucketKeyEnabled === true };
}

/** What the answer to a write or a read says about it. */
export function describeEncryption({ algorithm, keyArn, bucketKey }: Encryption) {
  return {
    ServerSideEncryption: algorithm,
    ...(keyArn === undefined ? {} : { SSEKMSKeyId: keyArn }),
    ...(bucketKey === true ? { BucketKeyEnabled: true } : {}),
  };
}

/** The use of a KMS key on the caller's behalf; S3's own keys need no permission. */
export function keyUse(
  action: "kms:Decrypt" | "kms:GenerateDataKey",
  keyArn: string | undefined,
  keyPolicy: (keyArn: string) => PolicyDocument | undefined,
): Permission[] {
  if (keyArn === undefined) return [];
  return [{ action, resource: keyArn, resourcePolicy: keyPolicy(keyArn) }];
}
