import type { RotationRulesType } from "@aws-sdk/client-secrets-manager";
import type { SecretVersion } from "./secret.ts";
import type { NewSecret } from "./secret-store.ts";
import type { SecretsWorld } from "./secrets-world.ts";

export interface InstalledVersion {
  /** A UUID of the region's own unless told. */
  readonly id?: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /**
   * An opaque value of the region's own unless told; null for a version that a failed rotation left empty.
   */
  readonly value?: string | null;
  /**
   * What the value is worth outside, in the scenario's words: the label of a database password, for example.
   */
  readonly meaning?: string;
  /** @default AWSCURRENT for the last of the list, AWSPREVIOUS for the one before, none for the others */
  readonly stages?: readonly string[];
  /** The key it was encrypted with, by id, ARN or alias. @default the secret's key */
  readonly keyId?: string;
}

export interface InstalledSecret extends NewSecret {
  /** Oldest first. */
  readonly versions: readonly InstalledVersion[];
  readonly rotation?: {
    /** Left out: rotated by the owning service. */
    readonly lambdaArn?: string;
    readonly rules?: RotationRulesType;
    /** Epoch milliseconds. */
    readonly lastAt?: number;
  };
}

/** Creates a secret that exists since before the story, with its history. */
export function installSecret(
  { context, store, keys, rotations }: SecretsWorld,
  { versions, rotation, ...facts }: InstalledSecret,
): { readonly arn: string; readonly versionIds: readonly string[] } {
  const secret = store.create(facts);
  const versionIds = versions.map((given, index): string => {
    const keyId = given.keyId ?? facts.keyId;
    const keyArn = keyId === undefined ? undefined : keys.arnOf(keyId);
    if (keyId !== undefined && keyArn === undefined) throw new Error(`There is no key ${keyId}`);
    const version: SecretVersion = {
      id: given.id ?? store.random.uuid(),
      createdAt: given.createdAt,
      keyArn,
      value: given.value === null ? undefined : (given.value ?? `installed-${store.random.hex(24)}`),
      meaning: given.meaning,
    };
    secret.versions.set(version.id, version);
    const usual = { [versions.length - 1]: ["AWSCURRENT"], [versions.length - 2]: ["AWSPREVIOUS"] };
    for (const stage of given.stages ?? usual[index] ?? []) secret.stages.set(stage, version.id);
    return version.id;
  });
  secret.changedAt = versions.at(-1)?.createdAt ?? secret.createdAt;
  for (const replica of secret.replicas) replica.current = secret.stages.get("AWSCURRENT");
  if (rotation) {
    secret.rotation = {
      enabled: true,
      lambdaArn: rotation.lambdaArn,
      rules: rotation.rules,
      lastAt: rotation.lastAt ?? context.kernel.now,
    };
    rotations.plan(secret);
  }
  return { arn: secret.arn, versionIds };
}
