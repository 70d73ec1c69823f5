import type { Stage } from "./stage.ts";

/** The ARN of a person's role, made when it is missing, with the permissions that docs/security.md tells people to give approvers. */
export function approverRole({ region, environment }: Pick<Stage, "region" | "environment">, name: string): string {
  const arn = `arn:aws:iam::${environment.account}:role/${name}`;
  if (region.identities.hasRole(arn)) return arn;
  return region.identities.createRole({
    name,
    assumeRolePolicy: {
      Statement: { Effect: "Allow", Principal: { AWS: environment.account }, Action: "sts:AssumeRole" },
    },
    inlinePolicies: {
      approve: {
        Statement: {
          Effect: "Allow",
          Action: ["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"],
          Resource: "*",
        },
      },
    },
  });
}
