import type { PutSecretValueRequest } from "@aws-sdk/client-secrets-manager";
import { AwsError } from "../../service-model.ts";
import type { Secret, SecretValue, SecretVersion } from "./secret.ts";
import type { SecretsWorld } from "./secrets-world.ts";
import { attachLabel } from "./staging-labels.ts";

type NewVersion = Pick<
  PutSecretValueRequest,
  "ClientRequestToken" | "SecretString" | "SecretBinary" | "VersionStages"
>;

/**
 * Stores a value as a new version, labelled AWSCURRENT unless told otherwise, and answers its id. The
 * caller's token is the id: the same token with the same value changes nothing, with another value it fails.
 * [SDK PutSecretValue]
 */
export function putVersion(world: SecretsWorld, secret: Secret, input: NewVersion): string {
  const { kernel } = world.context;
  const value = givenValue(input);
  const id = input.ClientRequestToken ?? world.store.random.uuid();
  if (id.length < 32 || id.length > 64) {
    throw new AwsError("InvalidParameterException", "ClientRequestToken must be 32-64 characters long.");
  }
  const existing = secret.versions.get(id);
  if (existing?.value !== undefined) {
    if (sameValue(existing.value, value)) return id;
    throw new AwsError(
      "ResourceExistsException",
      `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${secret.arn}.`,
    );
  }
  const keyArn = secret.keyId === undefined ? undefined : world.keys.arnOf(secret.keyId);
  if (secret.keyId !== undefined && !world.keys.usable(secret.keyId)) {
    throw new AwsError(
      "EncryptionFailure",
      "Secrets Manager can't encrypt the protected secret text using the provided KMS key.",
    );
  }
  const version: SecretVersion = { id, createdAt: kernel.now, keyArn, value, meaning: undefined };
  if (existing) existing.value = value;
  else world.store.add(secret, version);
  for (const stage of input.VersionStages ?? ["AWSCURRENT"]) attachLabel(secret, stage, id);
  world.replication.changed(secret);
  return id;
}

function givenValue({ SecretString, SecretBinary }: NewVersion): SecretValue {
  if ((SecretString === undefined) === (SecretBinary === undefined)) {
    throw new AwsError(
      "InvalidParameterException",
      "You must provide either SecretString or SecretBinary, and not both.",
    );
  }
  return SecretString ?? SecretBinary ?? "";
}

function sameValue(one: SecretValue, other: SecretValue): boolean {
  return typeof one === typeof other && Buffer.from(one).equals(Buffer.from(other));
}
