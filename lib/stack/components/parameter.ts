import { Stack } from "aws-cdk-lib";
import { type IGrantable, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { ParameterComponent, ParameterSource } from "../../../lambdas/contracts/kinds/parameter.ts";
import { arnIn } from "../step-function.ts";

/**
 * What saying which versions are live takes. Leave to read a parameter's history is leave to read its plain values
 * (docs/facts/frontend-secrets-config.md §C.1), so it is given for the named parameters alone.
 */
export function grantObserveParameter(
  scope: Construct,
  grantee: IGrantable,
  { source }: ParameterComponent,
): void {
  if (source.store !== "appconfig") {
    allow(grantee, { actions: ["ssm:GetParameterHistory"], resources: parametersOf(scope, source) });
    return;
  }
  const { application, environment, profile, deployments } = appConfigArns(scope, source);
  // Each resource that a request touches must be allowed.
  allow(grantee, { actions: ["appconfig:ListDeployments"], resources: [application, environment] });
  allow(grantee, {
    actions: ["appconfig:GetDeployment"],
    resources: [application, environment, deployments],
  });
  // Which versions are there, without what is in them.
  allow(grantee, {
    actions: ["appconfig:ListHostedConfigurationVersions"],
    resources: [application, profile],
  });
}

/** What changing configuration takes, for the kind's mover alone. */
export function grantMoveParameter(
  scope: Construct,
  grantee: IGrantable,
  component: ParameterComponent,
): void {
  const { source } = component;
  grantObserveParameter(scope, grantee, component);
  if (source.store === "appconfig") {
    grantDeploying(scope, grantee, source);
    return;
  }
  const parameters = parametersOf(scope, source);
  // Move the label that consumers read; on a value that was put back, say whose value it is.
  allow(grantee, { actions: ["ssm:LabelParameterVersion"], resources: parameters });
  if (source.store === "ssm-label") return;
  // Read an old value and write it again, within one invocation.
  allow(grantee, { actions: ["ssm:GetParameter"], resources: parameters });
  // A new version of what is there; never a new parameter.
  allow(grantee, {
    actions: ["ssm:PutParameter"],
    resources: parameters,
    conditions: { StringEquals: { "ssm:Overwrite": "true" } },
  });
  if (source.kmsKeys.length === 0) return;
  // Through Parameter Store only; the advanced tier encrypts with a data key (docs/facts/frontend-secrets-config.md §J).
  allow(grantee, {
    actions: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
    resources: source.kmsKeys,
    conditions: { StringEquals: { "kms:ViaService": `ssm.${Stack.of(scope).region}.amazonaws.com` } },
  });
}

/** What letting go of old labels takes; the other stores keep their versions themselves. */
export function grantKeepParameter(
  scope: Construct,
  grantee: IGrantable,
  { source }: ParameterComponent,
): void {
  if (source.store !== "ssm-value") return;
  const actions = ["ssm:GetParameterHistory", "ssm:UnlabelParameterVersion"];
  allow(grantee, { actions, resources: parametersOf(scope, source) });
}

function grantDeploying(
  scope: Construct,
  grantee: IGrantable,
  source: ParameterSource & { store: "appconfig" },
): void {
  const { application, environment, profile, strategy, deployments } = appConfigArns(scope, source);
  // Deploy a version of this profile again, with the named strategy.
  allow(grantee, {
    actions: ["appconfig:StartDeployment"],
    resources: [application, environment, profile, strategy],
  });
  // Stop a deployment that is on its way, or revert a completed one.
  allow(grantee, {
    actions: ["appconfig:StopDeployment"],
    resources: [application, environment, deployments],
  });
}

/** `parameter/shop/flags` for the name `/shop/flags`: never a double slash. */
function parametersOf(scope: Construct, { names }: { readonly names: readonly string[] }): string[] {
  return names.map((name) => arnIn(scope, "ssm", `parameter/${name.replace(/^\//, "")}`));
}

function appConfigArns(scope: Construct, source: ParameterSource & { store: "appconfig" }) {
  const application = `application/${source.application}`;
  const environment = `${application}/environment/${source.environment}`;
  return {
    application: arnIn(scope, "appconfig", application),
    environment: arnIn(scope, "appconfig", environment),
    profile: arnIn(scope, "appconfig", `${application}/configurationprofile/${source.profile}`),
    strategy: arnIn(scope, "appconfig", `deploymentstrategy/${source.strategy}`),
    deployments: arnIn(scope, "appconfig", `${environment}/deployment/*`),
  };
}

function allow(grantee: IGrantable, statement: ConstructorParameters<typeof PolicyStatement>[0]): void {
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement(statement));
}
