import type { Stack } from "aws-cdk-lib";
import { Effect, ManagedPolicy, PermissionsBoundary, PolicyStatement } from "aws-cdk-lib/aws-iam";

/**
 * What no role of this stack may ever do, whatever somebody grants it later: destroy data or its versions, read a
 * secret, change who may do what.
 */
export const FORBIDDEN_ACTIONS = [
  "s3:DeleteObjectVersion",
  "s3:DeleteBucket",
  "secretsmanager:GetSecretValue",
  "secretsmanager:BatchGetSecretValue",
  "secretsmanager:DeleteSecret",
  "dynamodb:DeleteTable",
  "dynamodb:DeleteItem",
  "ecs:DeleteService",
  "ecs:DeleteCluster",
  "ecs:DeleteTaskDefinitions",
  "ecs:DeregisterTaskDefinition",
  "ecr:BatchDeleteImage",
  "rds:Delete*",
  "iam:Add*",
  "iam:Attach*",
  "iam:Create*",
  // Among them DeleteRolePermissionsBoundary, which would lift this very limit.
  "iam:Delete*",
  "iam:Detach*",
  "iam:Put*",
  "iam:Remove*",
  "iam:Set*",
  "iam:Update*",
  "organizations:*",
] as const;

/** A permissions boundary over every role of the stack. */
export const Boundary = {
  applyTo(stack: Stack): void {
    const policy = new ManagedPolicy(stack, "Boundary", {
      description: "What no role of Stepback may ever do",
      statements: [
        // A boundary only limits: the roles' own policies say what they may do.
        new PolicyStatement({ sid: "LimitOnly", actions: ["*"], resources: ["*"] }),
        new PolicyStatement({
          sid: "Never",
          effect: Effect.DENY,
          actions: [...FORBIDDEN_ACTIONS],
          resources: ["*"],
        }),
      ],
    });
    PermissionsBoundary.of(stack).apply(policy);
  },
};
