import type { GetSecretValueRequest, GetSecretValueResponse } from "@aws-sdk/client-secrets-manager";
import { AwsError } from "../../service-model.ts";
import { type Secret, type SecretVersion, stagesOf } from "./secret.ts";
import type { SecretsWorld } from "./secrets-world.ts";

/** GetSecretValue: AWSCURRENT unless told otherwise. The value goes to the caller and nowhere else. */
export function readVersion(
  { store, keys, context }: SecretsWorld,
  { SecretId, VersionId, VersionStage }: GetSecretValueRequest,
): GetSecretValueResponse {
  const secret = store.active(SecretId);
  const version = askedFor(secret, VersionId, VersionStage);
  if (version.keyArn !== undefined && !keys.usable(version.keyArn)) {
    throw new AwsError(
      "DecryptionFailure",
      "Secrets Manager can't decrypt the protected secret text using the provided KMS key.",
    );
  }
  version.accessedOn = context.kernel.now - (context.kernel.now % DAY);
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    ...(typeof version.value === "string"
      ? { SecretString: version.value }
      : { SecretBinary: version.value }),
    VersionStages: stagesOf(secret, version.id),
    CreatedDate: new Date(version.createdAt),
  };
}

const DAY = 86_400_000;

function askedFor(secret: Secret, id: string | undefined, stage: string | undefined): SecretVersion {
  const label = stage ?? (id === undefined ? "AWSCURRENT" : undefined);
  const version = secret.versions.get(id ?? secret.stages.get(label ?? "") ?? "");
  if (version?.value === undefined) {
    const what = id === undefined ? `staging label: ${label}` : `VersionId: ${id}`;
    throw new AwsError(
      "ResourceNotFoundException",
      `Secrets Manager can't find the specified secret value for ${what}`,
    );
  }
  if (stage !== undefined && secret.stages.get(stage) !== version.id) {
    throw new AwsError(
      "InvalidRequestException",
      "You provided a VersionStage that is not associated to the provided VersionId.",
    );
  }
  return version;
}
