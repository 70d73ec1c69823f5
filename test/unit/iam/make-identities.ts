import { Identities, type NewRole } from "../../../lib/region/iam/identities.ts";
import { Kernel } from "../../../lib/region/kernel/kernel.ts";
import {
  AwsError,
  type Permission,
  type PolicyStatement,
  type Principal,
} from "../../../lib/region/service-model.ts";

export const account = "123456789012";

export const trustsLambda = {
  Statement: { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
} as const;

/** An account with the role `worker`, whose identity policy has these statements. */
export function makeIdentities(
  statements: readonly PolicyStatement[] = [],
  {
    boundary,
    ...overrides
  }: Partial<Omit<NewRole, "boundary">> & { readonly boundary?: readonly PolicyStatement[] } = {},
) {
  const kernel = new Kernel({ seed: 1, start: Date.parse("2026-11-21T01:02:03Z") });
  const identities = new Identities({ kernel, account, region: "eu-west-1" });
  const limit =
    boundary && identities.createManagedPolicy({ name: "limit", document: { Statement: boundary } });
  const roleArn = identities.createRole({
    name: "worker",
    assumeRolePolicy: trustsLambda,
    inlinePolicies: { own: { Statement: statements } },
    ...(limit !== undefined && { boundary: limit }),
    ...overrides,
  });
  const principal: Principal = { arn: roleArn, type: "role", session: "job" };
  return { identities, kernel, roleArn, principal };
}

export function makePermission(overrides: Partial<Permission> = {}): Permission {
  return { action: "ecs:UpdateService", resource: service("shop", "api"), ...overrides };
}

export function service(cluster: string, name: string): string {
  return `arn:aws:ecs:eu-west-1:${account}:service/${cluster}/${name}`;
}

export function allow(overrides: Partial<PolicyStatement> = {}): PolicyStatement {
  const subject = overrides.NotAction ? {} : { Action: "ecs:UpdateService" };
  return { Effect: "Allow", ...subject, ...(overrides.NotResource ? {} : { Resource: "*" }), ...overrides };
}

export function deny(overrides: Partial<PolicyStatement> = {}): PolicyStatement {
  return { ...allow(overrides), Effect: "Deny" };
}

/** `allowed`, or the message of the refusal without its beginning. */
export function verdict(identities: Identities, principal: Principal, permission: Permission): string {
  try {
    identities.authorize(principal, [permission]);
    return "allowed";
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return error.message.replace(/^.* on resource: \S+ /, "");
  }
}
