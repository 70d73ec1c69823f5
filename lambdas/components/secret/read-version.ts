import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { StepbackError } from "../../contracts/errors.ts";
import type { Clock, VersionReader } from "../component.ts";
import { describeSecret, listVersions, nameOf, pendingOf } from "./reads.ts";
import { versionOf } from "./target.ts";

/** A rotation that has not ended after this has failed; its AWSPENDING stays until somebody removes it (docs/facts/frontend-secrets-config.md §B). */
const ROTATION_SECONDS = 3_600;

/**
 * Says which version is current. During a rotation nobody can tell whether the current password still opens anything, so
 * there is none to record (docs/facts/frontend-secrets-config.md §B).
 */
export function secretVersionReader({
  secrets,
  clock,
}: {
  readonly secrets: SecretsManagerClient;
  readonly clock: Clock;
}): VersionReader<"secret"> {
  return async ({ secretArn }) => {
    const seen = await describeSecret(secrets, secretArn);
    const current = seen?.labels.get("AWSCURRENT");
    if (!seen || !current) {
      throw new StepbackError(
        "BadRequest",
        `Cannot record which version of ${nameOf(secretArn)} is current: there is none; correct the environment.`,
      );
    }
    const versions = await listVersions(secrets, secretArn);
    const pendingSince = versions.find(({ id }) => id === pendingOf(seen))?.createdAt;
    if (pendingSince && (clock().getTime() - pendingSince.getTime()) / 1_000 < ROTATION_SECONDS)
      return undefined;
    return versionOf(versions.find(({ id }) => id === current) ?? { id: current, createdAt: undefined });
  };
}
