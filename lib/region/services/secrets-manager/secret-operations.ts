import * as sdk from "@aws-sdk/client-secrets-manager";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import { describeSecret } from "./describe-secret.ts";
import { putVersion } from "./put-version.ts";
import type { Secret } from "./secret.ts";
import type { SecretsWorld } from "./secrets-world.ts";

/**
 * Declares the operations on whole secrets: making, describing, deleting and restoring them, and their tags.
 */
export function addSecretOperations(model: ServiceModel, world: SecretsWorld): void {
  const { store, permissions } = world;
  model
    .on(sdk.CreateSecretCommand, {
      accepts: [
        "Name",
        "ClientRequestToken",
        "Description",
        "KmsKeyId",
        "SecretString",
        "SecretBinary",
        "Tags",
      ],
      authorize: ({ Name, Tags, KmsKeyId }) => permissions.create(Name, Tags, KmsKeyId),
      handle: (input) => createSecret(world, input),
    })
    .on(sdk.DescribeSecretCommand, {
      accepts: ["SecretId"],
      authorize: ({ SecretId }) => [permissions.on("DescribeSecret", SecretId)],
      handle: ({ SecretId }) => describeSecret(store.known(SecretId)),
    })
    .on(sdk.DeleteSecretCommand, {
      accepts: ["SecretId", "RecoveryWindowInDays", "ForceDeleteWithoutRecovery"],
      authorize: (input) => [
        permissions.on("DeleteSecret", input.SecretId, {
          "secretsmanager:RecoveryWindowInDays": input.RecoveryWindowInDays?.toString(),
          "secretsmanager:ForceDeleteWithoutRecovery": input.ForceDeleteWithoutRecovery?.toString(),
        }),
      ],
      handle: (input) => deleteSecret(world, input),
    })
    .on(sdk.RestoreSecretCommand, {
      accepts: ["SecretId"],
      authorize: ({ SecretId }) => [permissions.on("RestoreSecret", SecretId)],
      handle: ({ SecretId }) => {
        const secret = store.known(SecretId);
        delete secret.deletionAt;
        return named(secret);
      },
    })
    .on(sdk.TagResourceCommand, {
      accepts: ["SecretId", "Tags"],
      authorize: ({ SecretId, Tags = [] }) => {
        const requested = Tags.map(({ Key = "", Value = "" }) => [`aws:RequestTag/${Key}`, Value]);
        return [permissions.on("TagResource", SecretId, Object.fromEntries(requested))];
      },
      handle: ({ SecretId, Tags = [] }) => {
        const { tags } = store.active(SecretId);
        for (const { Key = "", Value = "" } of Tags) tags.set(Key, Value);
        return {};
      },
    })
    .on(sdk.UntagResourceCommand, {
      accepts: ["SecretId", "TagKeys"],
      authorize: ({ SecretId }) => [permissions.on("UntagResource", SecretId)],
      handle: ({ SecretId, TagKeys = [] }) => {
        const { tags } = store.active(SecretId);
        for (const key of TagKeys) tags.delete(key);
        return {};
      },
    });
}

export function named(secret: Secret): { readonly ARN: string; readonly Name: string } {
  return { ARN: secret.arn, Name: secret.name };
}

function createSecret(world: SecretsWorld, input: sdk.CreateSecretRequest): sdk.CreateSecretResponse {
  const { Name = "", Tags = [], KmsKeyId, Description, SecretString, SecretBinary } = input;
  if (!/^[\w/+=.@-]{1,512}$/.test(Name)) {
    throw new AwsError(
      "InvalidParameterException",
      "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
    );
  }
  if (KmsKeyId !== undefined && !world.keys.usable(KmsKeyId)) {
    throw new AwsError(
      "EncryptionFailure",
      "Secrets Manager can't encrypt the protected secret text using the provided KMS key.",
    );
  }
  const secret = world.store.create({
    name: Name,
    description: Description,
    keyId: KmsKeyId,
    tags: Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
  });
  // A secret without a value is one that its maker fills later.
  if (SecretString === undefined && SecretBinary === undefined) return named(secret);
  const { ClientRequestToken } = input;
  const version = putVersion(world, secret, { ClientRequestToken, SecretString, SecretBinary });
  return { ...named(secret), VersionId: version };
}

/**
 * 7 to 30 days for a change of mind, 30 unless told; or none at all, and then what is not there is no error.
 * [SDK DeleteSecret]
 */
function deleteSecret(
  { context, store }: SecretsWorld,
  { SecretId, RecoveryWindowInDays, ForceDeleteWithoutRecovery }: sdk.DeleteSecretRequest,
): sdk.DeleteSecretResponse {
  const { kernel } = context;
  const force = ForceDeleteWithoutRecovery ?? false;
  if (force && RecoveryWindowInDays !== undefined) {
    throw new AwsError(
      "InvalidParameterException",
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    );
  }
  const days = RecoveryWindowInDays ?? 30;
  if (days < 7 || days > 30) {
    throw new AwsError(
      "InvalidParameterException",
      "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).",
    );
  }
  if (force && !store.find(SecretId ?? "")) return { Name: SecretId, DeletionDate: kernel.date() };
  const secret = force ? store.known(SecretId) : store.writable(SecretId);
  if (secret.replicas.length > 0) {
    const regions = secret.replicas.map(({ region }) => region).join(", ");
    throw new AwsError(
      "InvalidRequestException",
      `You can't delete secret ${secret.name} that still has replica regions [${regions}]`,
    );
  }
  const deletionAt = kernel.now + (force ? 0 : days * 86_400_000);
  secret.deletionAt = deletionAt;
  if (force) store.remove(secret);
  else {
    kernel.schedule(deletionAt - kernel.now, () => {
      if (secret.deletionAt === deletionAt) store.remove(secret);
    });
  }
  return { ...named(secret), DeletionDate: new Date(deletionAt) };
}
