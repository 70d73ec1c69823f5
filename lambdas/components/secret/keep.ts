import { type SecretsManagerClient, UpdateSecretVersionStageCommand } from "@aws-sdk/client-secrets-manager";
import { asked, refusalText } from "../aws-call.ts";
import type { Keeper } from "../component.ts";
import { isOwnLabel, KEPT_LABELS, ownLabelOf } from "./own-label.ts";
import { describeSecret, listVersions, nameOf, type SecretVersionSight, shortOf } from "./reads.ts";

/**
 * Puts a label of Stepback's own on a proven version, because a version without labels is deprecated and may be deleted
 * (docs/facts/frontend-secrets-config.md §B). The newest few versions keep theirs.
 */
export function secretKeeper({ secrets }: { readonly secrets: SecretsManagerClient }): Keeper<"secret"> {
  return async ({ secretArn }, version, checkpointId) => {
    const name = nameOf(secretArn);
    if (version.kind !== "secret") return `${name} keeps no version of a ${version.kind}.`;
    const seen = await describeSecret(secrets, secretArn);
    if (!seen) return `The secret ${name} is gone; nothing was kept.`;
    const owner = seen.described.OwningService ?? seen.described.Type;
    if (owner) return `${name} is managed by ${owner}; its versions are not Stepback's to keep.`;
    const versions = await listVersions(secrets, secretArn);
    const proven = versions.find(({ id }) => id === version.versionId);
    if (!proven) return `${shortOf(version.versionId)} of ${name} is gone; nothing was kept.`;

    const move = (label: string, change: { readonly from: string } | { readonly to: string }) =>
      asked(
        `Moving the label ${label} of ${name}`,
        secrets.send(
          new UpdateSecretVersionStageCommand({
            SecretId: secretArn,
            VersionStage: label,
            ...("to" in change ? { MoveToVersionId: change.to } : { RemoveFromVersionId: change.from }),
          }),
        ),
      );
    try {
      const dropped = surplus(versions, proven);
      for (const { label, id } of dropped) await move(label, { from: id });
      if (!proven.labels.some(isOwnLabel)) await move(ownLabelOf(checkpointId), { to: proven.id });
      return `${shortOf(proven.id)} of ${name} is kept${dropped.length > 0 ? `; ${dropped.length} older let go` : ""}.`;
    } catch (error) {
      const refusal = refusalText(error);
      if (refusal === undefined) throw error;
      return `${shortOf(proven.id)} of ${name} could not be kept: ${refusal}`;
    }
  };
}

/** Own labels beyond those of the newest versions; the proven one's stay, whatever its age. */
function surplus(
  versions: readonly SecretVersionSight[],
  proven: SecretVersionSight,
): { readonly label: string; readonly id: string }[] {
  const labelled = versions
    .filter(({ id, labels }) => id !== proven.id && labels.some(isOwnLabel))
    .sort((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0));
  return labelled
    .slice(KEPT_LABELS - 1)
    .flatMap(({ id, labels }) => labels.filter(isOwnLabel).map((label) => ({ label, id })));
}
