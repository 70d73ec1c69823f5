import { Validations } from "aws-cdk-lib";
import { alarmPrefix, type Environment } from "../../lambdas/contracts/environment.ts";
import { arnIn } from "./step-function.ts";
import type { StepbackStack } from "./stepback-stack.ts";
import { reasonedWildcards } from "./wildcards.ts";

const READ_ONLY_OR_TRACE =
  "Actions without resource-level permissions (Service Authorization Reference): X-Ray segments, log delivery of Step Functions, ecs:DescribeTaskDefinition, ecs:ListTaskDefinitions, ecs:ListTasks (pinned to the cluster by a condition), cloudwatch:DescribeAlarms for composite alarms. The boundary's own * only limits.";

/** What cdk-nag finds that was looked at and is kept, each with its reason; everything else fails the synthesis. */
export function acknowledgeFindings(stack: StepbackStack, environment: Environment): void {
  const keep = (id: string, reason: string) =>
    Validations.of(stack).acknowledge({ id: `AwsSolutions::AwsSolutions-${id}`, reason });
  keep(
    "IAM5[Action::*]",
    "The permissions boundary allows everything and denies the forbidden: a boundary only limits.",
  );
  keep("IAM5[Resource::*]", READ_ONLY_OR_TRACE);
  keep(
    `IAM5[Resource::${arnIn(stack, "cloudwatch", `alarm:${alarmPrefix(environment)}*`)}]`,
    "The environment's own alarms; reading only.",
  );
  keep(
    `IAM5[Resource::<${stack.getLogicalId(stack.reports)}.Arn>/${environment.name}/*]`,
    "Objects of this environment's own folder.",
  );
  for (const [resource, reason] of reasonedWildcards(stack)) keep(`IAM5[Resource::${resource}]`, reason);
  keep(
    "S1",
    "The bucket holds reports written by one function; its own access log would cost more than it tells.",
  );
  keep("SQS3", "This queue is the dead-letter queue.");
}
