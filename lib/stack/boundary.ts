import type { Stack } from "aws-cdk-lib";
import { Effect, ManagedPolicy, PermissionsBoundary, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { COPY_END, DELETABLE_STATE, OWNERSHIP_TAGS } from "../../lambdas/contracts/ownership.ts";

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
  "secretsmanager:UpdateSecret",
  "secretsmanager:CancelRotateSecret",
  "dynamodb:DeleteTable",
  "dynamodb:DeleteItem",
  "ecs:DeleteService",
  "ecs:DeleteCluster",
  "ecs:DeleteTaskDefinitions",
  "ecs:DeregisterTaskDefinition",
  "ecr:BatchDeleteImage",
  "rds:DeleteDB*Snapshot",
  "rds:DeleteDB*Backup",
  "rds:DeleteDB*Group",
  "rds:DeleteDBProxy*",
  "rds:DeleteBlueGreenDeployment",
  "rds:DeleteEventSubscription",
  "rds:DeleteGlobalCluster",
  "rds:DeleteIntegration",
  "rds:DeleteOptionGroup",
  "rds:DeleteTenantDatabase",
  "elasticache:DeleteCache*",
  "elasticache:DeleteServerless*",
  "elasticache:DeleteSnapshot",
  "elasticache:DeleteUser*",
  "kms:Disable*",
  "kms:ScheduleKeyDeletion",
  "cloudfront:Delete*",
  "ssm:Delete*",
  "appconfig:Delete*",
  "scheduler:Delete*",
  "elasticloadbalancing:Delete*",
  "wafv2:Delete*",
  "ec2:Delete*",
  "ec2:Terminate*",
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

/**
 * What may be deleted at all: copies, by name and with the tag that `prepare` put there (DESIGN §9). A live database with
 * a look-alike name has no such tag.
 */
const DATABASE_COPIES = {
  actions: ["rds:DeleteDBInstance", "rds:DeleteDBCluster"],
  named: [
    `arn:*:rds:*:*:db:*-sb-*-${COPY_END}*`,
    `arn:*:rds:*:*:cluster:*-sb-*-${COPY_END}*`,
    // The final snapshot that DeleteDBCluster may be asked for (docs/facts/database.md §10).
    "arn:*:rds:*:*:cluster-snapshot:*",
  ],
  all: ["arn:*:rds:*:*:db:*", "arn:*:rds:*:*:cluster:*"],
  // Denied unless the copy is in the one state in which nobody uses it.
  otherwise: { StringNotEquals: { [`aws:ResourceTag/${OWNERSHIP_TAGS.state}`]: DELETABLE_STATE } },
};
const CACHE_COPIES = {
  actions: ["elasticache:DeleteReplicationGroup"],
  named: ["arn:*:elasticache:*:*:replicationgroup:*-sb-*"],
  all: ["arn:*:elasticache:*:*:replicationgroup:*"],
  otherwise: { Null: { [`aws:ResourceTag/${OWNERSHIP_TAGS.source}`]: "true" } },
};

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
        ...onlyCopies("Database", DATABASE_COPIES),
        ...onlyCopies("Cache", CACHE_COPIES),
      ],
    });
    PermissionsBoundary.of(stack).apply(policy);
  },
};

function onlyCopies(
  sid: string,
  { actions, named, all, otherwise }: typeof DATABASE_COPIES | typeof CACHE_COPIES,
) {
  const deny = { effect: Effect.DENY, actions };
  return [
    new PolicyStatement({ ...deny, sid: `${sid}OnlyCopies`, notResources: named }),
    new PolicyStatement({ ...deny, sid: `${sid}OnlyOwnCopies`, resources: all, conditions: otherwise }),
  ];
}
