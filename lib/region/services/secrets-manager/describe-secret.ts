import type { DescribeSecretResponse, SecretVersionsListEntry } from "@aws-sdk/client-secrets-manager";
import { type Secret, type SecretVersion, stagesOf } from "./secret.ts";

/** A secret as DescribeSecret shows it: only what has a value, and of the versions only those with labels. */
export function describeSecret(secret: Secret): DescribeSecretResponse {
  const { rotation } = secret;
  const labelled = [...secret.versions.keys()].filter((id) => stagesOf(secret, id).length > 0);
  const accessed = [...secret.versions.values()].flatMap(({ accessedOn }) => accessedOn ?? []);
  return {
    ARN: secret.arn,
    Name: secret.name,
    Type: secret.type,
    Description: secret.description,
    KmsKeyId: secret.keyId,
    OwningService: secret.owningService,
    ...(rotation && {
      RotationEnabled: rotation.enabled,
      RotationLambdaARN: rotation.lambdaArn,
      RotationRules: rotation.rules,
      LastRotatedDate: dateOf(rotation.lastAt),
      NextRotationDate: dateOf(rotation.nextAt),
    }),
    CreatedDate: new Date(secret.createdAt),
    LastChangedDate: new Date(secret.changedAt),
    ...(accessed.length > 0 && { LastAccessedDate: new Date(Math.max(...accessed)) }),
    DeletedDate: dateOf(secret.deletionAt),
    Tags: [...secret.tags].map(([Key, Value]) => ({ Key, Value })),
    VersionIdsToStages: Object.fromEntries(labelled.map((id) => [id, stagesOf(secret, id)])),
    PrimaryRegion: secret.primaryRegion,
    ...(secret.replicas.length > 0 && {
      ReplicationStatus: secret.replicas.map(({ region, status }) => ({ Region: region, Status: status })),
    }),
  };
}

/** A version as ListSecretVersionIds shows it. */
export function describeVersion(secret: Secret, version: SecretVersion): SecretVersionsListEntry {
  const stages = stagesOf(secret, version.id);
  return {
    VersionId: version.id,
    ...(stages.length > 0 && { VersionStages: stages }),
    CreatedDate: new Date(version.createdAt),
    LastAccessedDate: dateOf(version.accessedOn),
    // "DefaultEncryptionKey" is what AWS shows for its own key; that a customer key shows as its ARN is
    // unverified.
    KmsKeyIds: [version.keyArn ?? "DefaultEncryptionKey"],
  };
}

function dateOf(at: number | undefined): Date | undefined {
  return at === undefined ? undefined : new Date(at);
}
