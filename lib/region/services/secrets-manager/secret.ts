import type { RotationRulesType } from "@aws-sdk/client-secrets-manager";

export type SecretValue = string | Uint8Array;

export interface SecretVersion {
  readonly id: string;
  readonly createdAt: number;
  /** The customer key; undefined: the service's own, `aws/secretsmanager`. */
  readonly keyArn: string | undefined;
  /** Undefined in a version that a rotation announced and has not filled, or never will. */
  value: SecretValue | undefined;
  /**
   * What the value is worth outside, in the scenario's words: the database password that it equals, for
   * example.
   */
  meaning: string | undefined;
  /** Midnight of the day of the last read, epoch milliseconds. */
  accessedOn?: number;
}

/** The copy of a secret in another region, which follows the primary with a lag. */
export interface Replica {
  readonly region: string;
  status: "InSync" | "InProgress" | "Failed";
  /** The version that readers in that region get as AWSCURRENT. */
  current: string | undefined;
}

export interface RotationSettings {
  enabled: boolean;
  /** Undefined: rotated by the service that owns the secret. */
  lambdaArn: string | undefined;
  rules: RotationRulesType | undefined;
  lastAt?: number;
  nextAt?: number;
}

export interface Secret {
  readonly name: string;
  /** With the six random characters behind the name. */
  readonly arn: string;
  readonly createdAt: number;
  readonly description: string | undefined;
  /** As the caller named it; undefined: `aws/secretsmanager`. */
  readonly keyId: string | undefined;
  readonly type: string | undefined;
  readonly owningService: string | undefined;
  readonly primaryRegion: string;
  readonly tags: Map<string, string>;
  readonly replicas: Replica[];
  /** By id. */
  readonly versions: Map<string, SecretVersion>;
  /** Which version each staging label is attached to: to one at a time. */
  readonly stages: Map<string, string>;
  rotation?: RotationSettings;
  changedAt: number;
  /** When it may be deleted for good; only while its deletion is scheduled. */
  deletionAt?: number;
}

/** The staging labels of a version; a version without any is deprecated. */
export function stagesOf(secret: Secret, versionId: string): string[] {
  return [...secret.stages].flatMap(([stage, holder]) => (holder === versionId ? [stage] : [])).sort();
}

/** The version that a rotation left or holds under AWSPENDING, apart from the current one. */
export function pendingVersion(secret: Secret): string | undefined {
  const pending = secret.stages.get("AWSPENDING");
  return pending === secret.stages.get("AWSCURRENT") ? undefined : pending;
}
