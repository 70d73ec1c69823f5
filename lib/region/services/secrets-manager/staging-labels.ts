import { AwsError } from "../../service-model.ts";
import type { Secret } from "./secret.ts";

export interface LabelMove {
  readonly stage: string;
  readonly to?: string | undefined;
  readonly from?: string | undefined;
}

/**
 * UpdateSecretVersionStage: moves, adds or removes one staging label. Naming the version that must hold the
 * label makes it a compare-and-set (docs/facts/frontend-secrets-config.md §B).
 *
 * A version that a rotation left empty takes AWSCURRENT like any other, and so does a version of a secret
 * that another service owns: whether AWS refuses either is unverified, and the region protects nobody by a
 * refusal that AWS may not make.
 */
export function moveLabel(secret: Secret, { stage, to, from }: LabelMove): void {
  const holder = secret.stages.get(stage);
  if (to === undefined && from === undefined) {
    throw invalid("You must specify RemoveFromVersionId, MoveToVersionId, or both.");
  }
  for (const id of [to, from]) {
    if (id !== undefined && !secret.versions.has(id)) {
      throw new AwsError(
        "ResourceNotFoundException",
        `Secrets Manager can't find the specified secret version: ${id}.`,
      );
    }
  }
  if (from !== undefined && from !== holder) {
    throw invalid(
      `When you move staging label ${stage}, if you specify RemoveFromVersionId, it must be set to the version ` +
        `that currently has the staging label ${stage}.`,
    );
  }
  if (to === undefined) {
    if (stage === "AWSCURRENT") {
      throw invalid(
        "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.",
      );
    }
    secret.stages.delete(stage);
    return;
  }
  if (holder !== undefined && holder !== to && from === undefined) {
    throw invalid(
      `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ` +
        `${holder}, so you must explicitly reference that version in RemoveFromVersionId.`,
    );
  }
  attachLabel(secret, stage, to);
}

/**
 * Attaches a label, taking it from whoever has it. AWSPREVIOUS follows AWSCURRENT to the version that lost
 * it.
 */
export function attachLabel(secret: Secret, stage: string, versionId: string): void {
  const holder = secret.stages.get(stage);
  if (holder === versionId) return;
  if (!secret.stages.has(stage) && secret.stages.size >= LABELS) {
    throw new AwsError("LimitExceededException", `The secret already has ${LABELS} staging labels.`);
  }
  secret.stages.set(stage, versionId);
  if (stage === "AWSCURRENT" && holder !== undefined) secret.stages.set("AWSPREVIOUS", holder);
}

/** Per secret, over all its versions (docs/facts/frontend-secrets-config.md §B). */
const LABELS = 20;

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterException", message);
}
