import * as sdk from "@aws-sdk/client-secrets-manager";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import { describeVersion } from "./describe-secret.ts";
import { putVersion } from "./put-version.ts";
import { readVersion } from "./read-version.ts";
import { stagesOf } from "./secret.ts";
import { named } from "./secret-operations.ts";
import type { SecretsWorld } from "./secrets-world.ts";
import { moveLabel } from "./staging-labels.ts";

/** Declares the operations on the versions of a secret: writing, listing, labelling and reading them. */
export function addVersionOperations(model: ServiceModel, world: SecretsWorld): void {
  const { store, permissions, replication } = world;
  model
    .on(sdk.PutSecretValueCommand, {
      accepts: ["SecretId", "ClientRequestToken", "SecretString", "SecretBinary", "VersionStages"],
      authorize: ({ SecretId }) => permissions.write(SecretId),
      handle: (input) => {
        const secret = store.writable(input.SecretId);
        const id = putVersion(world, secret, input);
        return { ...named(secret), VersionId: id, VersionStages: stagesOf(secret, id) };
      },
    })
    .on(sdk.ListSecretVersionIdsCommand, {
      accepts: ["SecretId", "MaxResults", "NextToken", "IncludeDeprecated"],
      authorize: ({ SecretId }) => [permissions.on("ListSecretVersionIds", SecretId)],
      handle: (input) => listVersions(world, input),
    })
    .on(sdk.UpdateSecretVersionStageCommand, {
      accepts: ["SecretId", "VersionStage", "RemoveFromVersionId", "MoveToVersionId"],
      authorize: ({ SecretId, VersionStage }) => [
        permissions.on("UpdateSecretVersionStage", SecretId, { "secretsmanager:VersionStage": VersionStage }),
      ],
      handle: ({ SecretId, VersionStage: stage = "", MoveToVersionId: to, RemoveFromVersionId: from }) => {
        const secret = store.writable(SecretId);
        moveLabel(secret, { stage, to, from });
        replication.changed(secret);
        const facts = { secret: secret.name, stage, from, to };
        world.context.kernel.log.write("secretsmanager", "staging label moved", facts);
        return named(secret);
      },
    })
    .on(sdk.GetSecretValueCommand, {
      accepts: ["SecretId", "VersionId", "VersionStage"],
      authorize: ({ SecretId, VersionStage, VersionId }) =>
        permissions.read(SecretId, VersionStage, VersionId),
      handle: (input) => readVersion(world, input),
    })
    .on(sdk.BatchGetSecretValueCommand, {
      accepts: ["SecretIdList"],
      // AWS answers a secret that the caller may not read among the Errors; here the whole call is refused,
      // which is stricter.
      authorize: ({ SecretIdList = [] }) => [
        { action: "secretsmanager:BatchGetSecretValue", resource: "*" },
        ...SecretIdList.flatMap((id) => permissions.read(id, undefined, undefined)),
      ],
      handle: ({ SecretIdList = [] }) => readBatch(world, SecretIdList),
    });
}

/**
 * A page is cut before the deprecated versions are left out, so it may be empty and yet not the last
 * (docs/facts/frontend-secrets-config.md §B). AWS promises no order; here it is that of the ids, which means
 * nothing.
 */
function listVersions(
  { store }: SecretsWorld,
  { SecretId, MaxResults = 100, NextToken, IncludeDeprecated = false }: sdk.ListSecretVersionIdsRequest,
): sdk.ListSecretVersionIdsResponse {
  const secret = store.known(SecretId);
  if (MaxResults < 1 || MaxResults > 100) {
    throw new AwsError("InvalidParameterException", "MaxResults must be between 1 and 100.");
  }
  const ids = [...secret.versions.keys()].sort();
  const after = NextToken === undefined ? "" : Buffer.from(NextToken, "base64url").toString();
  if (after !== "" && !/^[\w-]{32,64}$/.test(after)) {
    throw new AwsError("InvalidNextTokenException", "The NextToken value is invalid.");
  }
  const left = ids.filter((id) => id > after);
  const last = left.slice(0, MaxResults).at(-1);
  const shown = left
    .slice(0, MaxResults)
    .flatMap((id) => secret.versions.get(id) ?? [])
    .filter(({ id }) => IncludeDeprecated || stagesOf(secret, id).length > 0);
  return {
    ...named(secret),
    Versions: shown.map((version) => describeVersion(secret, version)),
    NextToken:
      left.length > MaxResults && last !== undefined ? Buffer.from(last).toString("base64url") : undefined,
  };
}

function readBatch(world: SecretsWorld, ids: readonly string[]): sdk.BatchGetSecretValueResponse {
  if (ids.length === 0 || ids.length > 20) {
    throw new AwsError("InvalidParameterException", "SecretIdList must hold between 1 and 20 secrets.");
  }
  const SecretValues: sdk.SecretValueEntry[] = [];
  const Errors: sdk.APIErrorType[] = [];
  for (const SecretId of ids) {
    try {
      SecretValues.push(readVersion(world, { SecretId }));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Errors.push({ SecretId, ErrorCode: error.code, Message: error.message });
    }
  }
  return { SecretValues, Errors };
}
