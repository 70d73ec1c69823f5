import { type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { SecretComponent } from "../../../lambdas/contracts/kinds/secret.ts";
import { arnIn } from "../step-function.ts";

/**
 * What saying which version is current takes. Labels and dates only: no role of Stepback may read a value.
 * Actions and resources: docs/facts/frontend-secrets-config.md §B (Service Authorization Reference).
 */
export function grantObserveSecret(_: Construct, grantee: IGrantable, { secretArn }: SecretComponent): void {
  allow(grantee, {
    actions: ["secretsmanager:DescribeSecret", "secretsmanager:ListSecretVersionIds"],
    resources: [secretArn],
  });
}

/** What planning takes beyond that: whether the key of an old version still decrypts. */
export function grantAssessSecret(scope: Construct, grantee: IGrantable, component: SecretComponent): void {
  grantObserveSecret(scope, grantee, component);
  // Each version may have a key of its own, which only the secret knows; describing a key decrypts nothing.
  allow(grantee, { actions: ["kms:DescribeKey"], resources: [arnIn(scope, "kms", "key/*")] });
}

/** What moving labels and rotating take, for the kind's mover alone. */
export function grantMoveSecret(scope: Construct, grantee: IGrantable, component: SecretComponent): void {
  const { secretArn, rotationFunction } = component;
  grantAssessSecret(scope, grantee, component);
  // Make another version current, and take off what an ended rotation left on it; after a rotation, take the labels off
  // the old value.
  moveLabels(grantee, secretArn, ["AWSCURRENT", "AWSPREVIOUS", "AWSPENDING", OWN_LABELS]);
  if (rotationFunction === undefined) return;
  // After a breach: forward. "You also need lambda:InvokeFunction permissions on the rotation function" [SDK RotateSecret].
  allow(grantee, { actions: ["secretsmanager:RotateSecret"], resources: [secretArn] });
  allow(grantee, { actions: ["lambda:InvokeFunction"], resources: [rotationFunction] });
}

/** What keeping a proven version alive takes: Stepback's own labels and no others. */
export function grantKeepSecret(scope: Construct, grantee: IGrantable, component: SecretComponent): void {
  grantObserveSecret(scope, grantee, component);
  moveLabels(grantee, component.secretArn, [OWN_LABELS]);
}

const OWN_LABELS = "stepback-*";

function moveLabels(grantee: IGrantable, secretArn: string, labels: readonly string[]): void {
  allow(grantee, {
    actions: ["secretsmanager:UpdateSecretVersionStage"],
    resources: [secretArn],
    conditions: { StringLike: { "secretsmanager:VersionStage": [...labels] } },
  });
}

function allow(grantee: IGrantable, statement: ConstructorParameters<typeof PolicyStatement>[0]): void {
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement(statement));
}
