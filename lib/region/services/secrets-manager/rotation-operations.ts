import * as sdk from "@aws-sdk/client-secrets-manager";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import { named } from "./secret-operations.ts";
import type { SecretsWorld } from "./secrets-world.ts";

/**
 * Declares RotateSecret and CancelRotateSecret. Rotation by a schedule expression is not modelled, by days it
 * is.
 */
export function addRotationOperations(model: ServiceModel, world: SecretsWorld): void {
  const { store, permissions, rotations } = world;
  model
    .on(sdk.RotateSecretCommand, {
      accepts: [
        "SecretId",
        "ClientRequestToken",
        "RotationLambdaARN",
        "RotationRules.AutomaticallyAfterDays",
        "RotateImmediately",
      ],
      authorize: ({ SecretId, RotationLambdaARN }) => permissions.rotate(SecretId, RotationLambdaARN),
      handle: (input) => rotateSecret(world, input),
    })
    .on(sdk.CancelRotateSecretCommand, {
      accepts: ["SecretId"],
      authorize: ({ SecretId }) => [permissions.on("CancelRotateSecret", SecretId)],
      handle: ({ SecretId }) => {
        const secret = store.writable(SecretId);
        return { ...named(secret), VersionId: rotations.cancel(secret) };
      },
    });
}

/**
 * Asynchronous: done when AWSCURRENT is on the version that it answers (docs/facts/frontend-secrets-config.md
 * §B).
 */
function rotateSecret(
  { store, rotations }: SecretsWorld,
  {
    SecretId,
    ClientRequestToken,
    RotationLambdaARN,
    RotationRules,
    RotateImmediately,
  }: sdk.RotateSecretRequest,
): sdk.RotateSecretResponse {
  const secret = store.writable(SecretId);
  const lambdaArn = RotationLambdaARN ?? secret.rotation?.lambdaArn;
  // A secret that another service owns is rotated by that service, without a function of the customer's.
  if (lambdaArn === undefined && secret.owningService === undefined) {
    throw new AwsError(
      "InvalidRequestException",
      "No Lambda rotation function ARN is associated with this secret.",
    );
  }
  const token = ClientRequestToken ?? store.random.uuid();
  const settings = {
    ...secret.rotation,
    enabled: true,
    lambdaArn,
    rules: RotationRules ?? secret.rotation?.rules,
  };
  if (RotateImmediately === false) {
    secret.rotation = settings;
    rotations.plan(secret);
    return named(secret);
  }
  const version = rotations.start(secret, token);
  secret.rotation = settings;
  return { ...named(secret), VersionId: version };
}
