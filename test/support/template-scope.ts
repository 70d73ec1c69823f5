import type { Environment } from "../../lambdas/contracts/environment.ts";
import type { Scope } from "../../lib/region/deploy/intrinsics.ts";
import type { Template } from "../../lib/region/deploy/template.ts";

/** Types whose `Ref` is an ARN (CloudFormation's reference, "Return values" of each). */
const REF_IS_ARN = [
  "AWS::CloudFormation::Stack",
  "AWS::IAM::ManagedPolicy",
  "AWS::SNS::Topic",
  "AWS::StepFunctions::StateMachine",
];

/**
 * Resolves a template without deploying it: a resource is its logical id, its ARN is
 * `arn:aws:<service>:<region>:<account>:<logical id>`. Good enough to compare and to read, not to call.
 */
export function templateScope(template: Template, { name, account, region }: Environment): Scope {
  const pseudo = new Map<string, unknown>([
    ["AWS::AccountId", account],
    ["AWS::Region", region],
    ["AWS::Partition", "aws"],
    ["AWS::URLSuffix", "amazonaws.com"],
    ["AWS::StackName", `Stepback-${name}`],
    ["AWS::NoValue", undefined],
  ]);
  const typeOf = (id: string) => {
    const type = template.Resources[id]?.Type;
    if (type === undefined) throw new Error(`The template has no resource ${id}`);
    return type;
  };
  const arn = (id: string) => {
    const service = (typeOf(id).split("::")[1] ?? "").toLowerCase();
    return `arn:aws:${service}:${region}:${account}:${id}`;
  };
  return {
    ref: (id) => {
      if (pseudo.has(id)) return pseudo.get(id);
      const parameter = template.Parameters?.[id];
      if (parameter) return parameter.Default;
      return REF_IS_ARN.includes(typeOf(id)) ? arn(id) : id;
    },
    attribute: (id, attribute) => (attribute.endsWith("Arn") ? arn(id) : `${id}.${attribute}`),
    condition: (condition) => {
      throw new Error(`The stack has no conditions, so what is ${condition}?`);
    },
    mapped: (map) => {
      throw new Error(`The stack has no mappings, so what is ${map}?`);
    },
  };
}
