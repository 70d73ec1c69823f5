import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { type IGrantable, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import * as z from "zod";
import type { PolicyStatement } from "../../../lib/region/service-model.ts";

/** What a grant of the stack lets a role do, as the region's IAM reads it. */
export function granted(grant: (scope: Construct, grantee: IGrantable) => void): PolicyStatement[] {
  const stack = new Stack(new App(), "Stack", { env: { account: "123456789012", region: "eu-west-1" } });
  grant(stack, new Role(stack, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") }));
  const policies = Template.fromStack(stack).findResources("AWS::IAM::Policy");
  const statements = Object.values(policies).flatMap(
    (policy) => Policy.parse(resolved(policy)).Properties.PolicyDocument.Statement,
  );
  return statements.map(({ Condition, ...rest }) => ({ ...rest, ...(Condition ? { Condition } : {}) }));
}

const texts = z.union([z.string(), z.array(z.string())]);
const Policy = z.object({
  Properties: z.object({
    PolicyDocument: z.object({
      Statement: z.array(
        z.object({
          Effect: z.enum(["Allow", "Deny"]),
          Action: texts,
          Resource: texts,
          Condition: z.record(z.string(), z.record(z.string(), texts)).optional(),
        }),
      ),
    }),
  }),
});

/** ARNs hold the partition as a reference. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => [key, resolved(part)] as const);
  const [first] = entries;
  if (entries.length === 1 && first?.[0] === "Ref" && first[1] === "AWS::Partition") return "aws";
  if (entries.length === 1 && first?.[0] === "Fn::Join" && Array.isArray(first[1])) {
    const [, parts] = first[1];
    return Array.isArray(parts) ? parts.join("") : value;
  }
  return Object.fromEntries(entries);
}
