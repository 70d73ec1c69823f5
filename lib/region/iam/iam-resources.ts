import type { RegionContext } from "../region-context.ts";
import type { PolicyDocument, ResourceModel } from "../service-model.ts";
import type { Identities, NewRole } from "./identities.ts";

type Properties = Readonly<Record<string, unknown>>;

/**
 * The CloudFormation resources of IAM, by type. What `Ref` and `Fn::GetAtt` yield is in
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_IAM.html
 */
export function iamResources(
  context: Pick<RegionContext, "kernel">,
  identities: Identities,
): Map<string, ResourceModel> {
  return new Map([
    ["AWS::IAM::Role", roleResource(context, identities)],
    ["AWS::IAM::Policy", policyResource(identities)],
    ["AWS::IAM::ManagedPolicy", managedPolicyResource(identities)],
  ]);
}

function roleResource({ kernel }: Pick<RegionContext, "kernel">, identities: Identities): ResourceModel {
  return {
    // Description, session duration and tags change nothing that this region decides.
    accepts: [
      "RoleName",
      "Path",
      "Description",
      "AssumeRolePolicyDocument",
      "Policies.PolicyName",
      "Policies.PolicyDocument",
      "ManagedPolicyArns",
      "PermissionsBoundary",
      "MaxSessionDuration",
      "Tags",
    ],
    namedBy: "RoleName",
    create(_logicalId, properties) {
      const role: NewRole = {
        name: text(properties, "RoleName"),
        path: optionalText(properties, "Path") ?? "/",
        assumeRolePolicy: policy(properties, "AssumeRolePolicyDocument"),
        inlinePolicies: Object.fromEntries(
          records(properties, "Policies").map((inline) => [
            text(inline, "PolicyName"),
            policy(inline, "PolicyDocument"),
          ]),
        ),
        managedPolicies: texts(properties, "ManagedPolicyArns"),
      };
      const boundary = optionalText(properties, "PermissionsBoundary");
      const arn = identities.createRole(boundary === undefined ? role : { ...role, boundary });
      const roleId = `AROA${kernel.random.hex(17).toUpperCase()}`;
      return { ref: role.name, attributes: { Arn: arn, RoleId: roleId } };
    },
  };
}

function policyResource(identities: Identities): ResourceModel {
  return {
    accepts: ["PolicyName", "PolicyDocument", "Roles"],
    create(_logicalId, properties) {
      const name = text(properties, "PolicyName");
      const document = policy(properties, "PolicyDocument");
      for (const role of texts(properties, "Roles")) identities.putRolePolicy(role, name, document);
      return { ref: name, attributes: {} };
    },
  };
}

function managedPolicyResource(identities: Identities): ResourceModel {
  return {
    accepts: ["ManagedPolicyName", "Path", "Description", "PolicyDocument", "Roles"],
    namedBy: "ManagedPolicyName",
    create(_logicalId, properties) {
      const arn = identities.createManagedPolicy({
        name: text(properties, "ManagedPolicyName"),
        path: optionalText(properties, "Path") ?? "/",
        document: policy(properties, "PolicyDocument"),
      });
      for (const role of texts(properties, "Roles")) identities.attachRolePolicy(role, arn);
      return { ref: arn, attributes: { PolicyArn: arn } };
    },
  };
}

function text(properties: Properties, name: string): string {
  const value = optionalText(properties, name);
  if (value === undefined) throw new Error(`The property ${name} is required`);
  return value;
}

function optionalText(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  if (value !== undefined && typeof value !== "string")
    throw new Error(`The property ${name} must be a string`);
  return value;
}

function texts(properties: Properties, name: string): readonly string[] {
  return list(properties, name).map((item) => {
    if (typeof item !== "string") throw new Error(`The property ${name} must be a list of strings`);
    return item;
  });
}

function records(properties: Properties, name: string): readonly Properties[] {
  return list(properties, name).map((item) => {
    if (!isRecord(item)) throw new Error(`The property ${name} must be a list of objects`);
    return item;
  });
}

function list(properties: Properties, name: string): readonly unknown[] {
  const value = properties[name] ?? [];
  if (!Array.isArray(value)) throw new Error(`The property ${name} must be a list`);
  return value;
}

function policy(properties: Properties, name: string): PolicyDocument {
  const value = properties[name];
  if (!isPolicyDocument(value)) throw new Error(`The property ${name} must be a policy document`);
  return value;
}

/** Only the outline; `statementsOf` looks into the statements. */
function isPolicyDocument(value: unknown): value is PolicyDocument {
  return isRecord(value) && typeof value["Statement"] === "object";
}

function isRecord(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
