import { DescribeKeyCommand, type KMSClient } from "@aws-sdk/client-kms";
import {
  DescribeSecretCommand,
  type DescribeSecretResponse,
  ListSecretVersionIdsCommand,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { StepbackError } from "../../contracts/errors.ts";
import { asked, isNamed } from "../aws-call.ts";

/** A secret as its labels and settings tell: never its value. */
export interface SecretSight {
  /** Which version each staging label is attached to. */
  readonly labels: ReadonlyMap<string, string>;
  readonly described: DescribeSecretResponse;
}

/** A version that Secrets Manager still keeps, labelled or not. */
export interface SecretVersionSight {
  readonly id: string;
  readonly createdAt: Date | undefined;
  readonly labels: readonly string[];
  /** Customer keys that it is encrypted with. */
  readonly keys: readonly string[];
}

/** Undefined when there is no such secret. */
export async function describeSecret(
  secrets: SecretsManagerClient,
  secretArn: string,
): Promise<SecretSight | undefined> {
  try {
    const described = await asked(
      `Looking at the secret ${nameOf(secretArn)}`,
      secrets.send(new DescribeSecretCommand({ SecretId: secretArn })),
    );
    const stages = Object.entries(described.VersionIdsToStages ?? {});
    const labels = new Map(stages.flatMap(([id, held]) => held.map((label) => [label, id] as const)));
    return { labels, described };
  } catch (error) {
    if (isNamed(error, "ResourceNotFoundException")) return undefined;
    throw error;
  }
}

/** Every version with the deprecated ones; a page may be empty and yet not the last (docs/facts/frontend-secrets-config.md §B). */
export async function listVersions(
  secrets: SecretsManagerClient,
  secretArn: string,
): Promise<readonly SecretVersionSight[]> {
  const versions: SecretVersionSight[] = [];
  let NextToken: string | undefined;
  do {
    const page = await asked(
      `Listing the versions of the secret ${nameOf(secretArn)}`,
      secrets.send(
        new ListSecretVersionIdsCommand({
          SecretId: secretArn,
          IncludeDeprecated: true,
          ...(NextToken ? { NextToken } : {}),
        }),
      ),
    );
    for (const { VersionId: id, CreatedDate, VersionStages = [], KmsKeyIds = [] } of page.Versions ?? []) {
      // The service's own key always serves; that a customer's key shows by id or ARN is unverified.
      const keys = KmsKeyIds.filter((key) => key !== "DefaultEncryptionKey");
      if (id) versions.push({ id, createdAt: CreatedDate, labels: VersionStages, keys });
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return versions;
}

/**
 * Why a version's keys would keep readers from its value, in words; `unsure` when nobody may look at a key, as at one of
 * another account.
 */
export async function keyTrouble(
  kms: KMSClient,
  { keys }: Pick<SecretVersionSight, "keys">,
): Promise<{ readonly problem?: string; readonly unsure?: string }> {
  for (const key of keys) {
    try {
      const { KeyMetadata } = await asked(
        `Looking at the key ${key}`,
        kms.send(new DescribeKeyCommand({ KeyId: key })),
      );
      if (KeyMetadata?.KeyState === "Enabled") continue;
      return {
        problem: `the key ${key} that encrypts it is ${KeyMetadata?.KeyState ?? "in no known state"}`,
      };
    } catch (error) {
      if (isNamed(error, "NotFoundException")) return { problem: `the key ${key} that encrypts it is gone` };
      if (!(error instanceof StepbackError) || error.name !== "NotAllowed") throw error;
      return { unsure: `Nobody looked at the key ${key} that encrypts it: Stepback may not.` };
    }
  }
  return {};
}

/**
 * The version that a rotation holds under AWSPENDING, or left there when it failed; undefined when none is in progress. A
 * rotation that ended well may leave the label on its version, which then was current: see `leftPendingOf`.
 */
export function pendingOf({ labels }: SecretSight): string | undefined {
  const pending = labels.get("AWSPENDING");
  const ended = pending === labels.get("AWSCURRENT") || pending === labels.get("AWSPREVIOUS");
  return ended ? undefined : pending;
}

/**
 * The version on which an ended rotation left AWSPENDING and that is AWSPREVIOUS by now, because somebody stored a newer
 * value or went back by hand. AWS takes that for a rotation that is not complete: RotateSecret is refused and may go
 * forward to this very version (docs/facts/frontend-secrets-config.md §B). Whether it is doing so already nobody can see.
 */
export function leftPendingOf({ labels }: SecretSight): string | undefined {
  const pending = labels.get("AWSPENDING");
  if (pending === labels.get("AWSCURRENT")) return undefined;
  return pending === labels.get("AWSPREVIOUS") ? pending : undefined;
}

/** What is wrong with a label that was left so, and what a person does about it, as the end of a sentence. */
export function leftPendingText(secretArn: string, versionId: string): string {
  return (
    `AWSPENDING was left on ${shortOf(versionId)}, which was current before, and a rotation would go forward to it: take it ` +
    `off (aws secretsmanager update-secret-version-stage --secret-id ${secretArn} --version-stage AWSPENDING ` +
    `--remove-from-version-id ${versionId}), then start again.`
  );
}

/** The name that people gave it, without AWS's six characters. */
export function nameOf(secretArn: string): string {
  return secretArn.replace(/^.*:secret:/, "").replace(/-[A-Za-z0-9]{6}$/, "");
}

/** A version id as people can tell it apart. */
export function shortOf(versionId: string | undefined): string {
  return versionId === undefined ? "no version" : `version ${versionId.slice(0, 8)}`;
}
