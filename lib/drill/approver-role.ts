import type { Stage } from "./stage.ts";

/** The ARN of an approver's role, made when it is missing, with what docs/security.md says approvers and starters need. */
export function approverRole(
  { region, environment }: Pick<Stage, "region" | "environment">,
  name: string,
): string {
  const arn = `arn:aws:iam::${environment.account}:role/${name}`;
  if (region.identities.hasRole(arn)) return arn;
  return region.identities.createRole({
    name,
    assumeRolePolicy: {
      Statement: { Effect: "Allow", Principal: { AWS: environment.account }, Action: "sts:AssumeRole" },
    },
    inlinePolicies: {
      approve: allow("lambda:InvokeFunctionUrl", "lambda:InvokeFunction"),
      start: allow("states:StartExecution", "states:DescribeExecution"),
      list: allow("dynamodb:ListTables", "dynamodb:GetItem", "dynamodb:Query"),
    },
  });
}

const allow = (...actions: string[]) => ({
  Statement: { Effect: "Allow", Action: actions, Resource: "*" } as const,
});
