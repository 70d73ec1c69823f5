import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { type IGrantable, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { PolicyStatement } from "../../../lib/region/service-model.ts";

/** The statements that a grant synthesises to, as IAM would see them in the simulated region. */
export function statementsOf(
  grant: (scope: Construct, grantee: IGrantable) => void,
): readonly PolicyStatement[] {
  const stack = new Stack(new App(), "Grants", { env: { account: "123456789012", region: "eu-west-1" } });
  grant(stack, new Role(stack, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") }));
  const policies = Object.values(Template.fromStack(stack).findResources("AWS::IAM::Policy"));
  return policies.flatMap((policy) => resolved(policy["Properties"]["PolicyDocument"]["Statement"]));
}

/** Puts the only token of such an ARN in its place: the partition. */
function resolved(value: unknown): PolicyStatement[] {
  const text = JSON.stringify(value, (_, part: unknown) => {
    const join = isJoin(part) ? part["Fn::Join"][1] : undefined;
    return join ? join.map((piece) => (typeof piece === "string" ? piece : "aws")).join("") : part;
  });
  return JSON.parse(text) as PolicyStatement[];
}

function isJoin(part: unknown): part is { readonly "Fn::Join": readonly [string, readonly unknown[]] } {
  return typeof part === "object" && part !== null && "Fn::Join" in part;
}
