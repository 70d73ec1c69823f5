import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { DatabaseComponent } from "../../../lambdas/contracts/kinds/database.ts";
import { arnIn } from "../step-function.ts";
import { parameterArns, secretArns } from "./database.ts";
import { type Allow, ownNames } from "./database-move-limits.ts";

/** What bringing users to another database takes, by the configured strategy; renames are modifications. */
export function grantSwitchDatabase(scope: Construct, allow: Allow, component: DatabaseComponent): void {
  const { cutOver } = component;
  switch (cutOver.strategy) {
    case "proxy":
      grantProxy(scope, allow, component);
      return;
    case "endpoint-parameter":
      // A host name, not a secret; the history tells what the next version has to repeat.
      allow({
        actions: ["ssm:GetParameterHistory", "ssm:PutParameter"],
        resources: parameterArns(scope, cutOver),
      });
      return;
    case "endpoint-secret":
      grantSecret(scope, allow, { ...component, cutOver });
      return;
    case "rename":
      return;
  }
}

/** A proxy and its target groups have ids that no configuration knows. */
function grantProxy(scope: Construct, allow: Allow, component: DatabaseComponent): void {
  const { identifier, all } = ownNames(component);
  const kind = component.cluster === undefined ? "db" : "cluster";
  const databases = [identifier, all].map((name) => arnIn(scope, "rds", `${kind}:${name}`));
  const proxies = arnIn(scope, "rds", "db-proxy:*");
  const groups = arnIn(scope, "rds", "target-group:*");
  allow({ actions: ["rds:DescribeDBProxies"], resources: [proxies] });
  allow({ actions: ["rds:DescribeDBProxyTargets"], resources: [groups] });
  allow({ actions: ["rds:RegisterDBProxyTargets"], resources: [groups, ...databases] });
  allow({ actions: ["rds:DeregisterDBProxyTargets"], resources: [groups, proxies, ...databases] });
}

type SecretComponent = DatabaseComponent & {
  readonly cutOver: Extract<DatabaseComponent["cutOver"], { readonly strategy: "endpoint-secret" }>;
};

/** Writing a version and moving its labels; reading a value is nobody's here. */
function grantSecret(scope: Construct, allow: Allow, { cutOver, kmsKeys }: SecretComponent): void {
  const secrets = secretArns(scope, cutOver);
  allow({
    actions: ["secretsmanager:DescribeSecret", "secretsmanager:PutSecretValue"],
    resources: secrets,
  });
  allow({
    actions: ["secretsmanager:UpdateSecretVersionStage"],
    resources: secrets,
    conditions: { StringEquals: { "secretsmanager:VersionStage": "AWSCURRENT" } },
  });
  if (kmsKeys.length === 0) return;
  // Secrets Manager encrypts the version, and decrypts to compare a repeated request.
  allow({
    actions: ["kms:GenerateDataKey", "kms:Decrypt"],
    resources: kmsKeys,
    conditions: {
      StringEquals: { "kms:ViaService": `secretsmanager.${Stack.of(scope).region}.amazonaws.com` },
    },
  });
}
