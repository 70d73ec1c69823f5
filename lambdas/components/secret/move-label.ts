import { UpdateSecretVersionStageCommand } from "@aws-sdk/client-secrets-manager";
import { asked, isNamed } from "../aws-call.ts";
import type { Job } from "./job.ts";
import { nameOf, shortOf } from "./reads.ts";

export interface LabelMove {
  readonly label: string;
  /** The version that must have the label now: AWS compares (docs/facts/frontend-secrets-config.md §B). */
  readonly from: string;
  /** Left out: the label is taken off. */
  readonly to?: string;
}

/**
 * Moves a label by compare-and-set; false when another version has it by now, also when an earlier attempt moved it and
 * its answer was lost.
 */
export async function moveLabel(
  { secrets, details }: Pick<Job, "secrets" | "details">,
  { label, from, to }: LabelMove,
): Promise<boolean> {
  try {
    await asked(
      `Moving ${label} of ${nameOf(details.secretArn)} from ${shortOf(from)} to ${shortOf(to)}`,
      secrets.send(
        new UpdateSecretVersionStageCommand({
          SecretId: details.secretArn,
          VersionStage: label,
          RemoveFromVersionId: from,
          ...(to === undefined ? {} : { MoveToVersionId: to }),
        }),
      ),
    );
    return true;
  } catch (error) {
    if (isNamed(error, "InvalidParameterException")) return false;
    throw error;
  }
}
