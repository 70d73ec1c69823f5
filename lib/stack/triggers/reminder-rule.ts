import { Duration } from "aws-cdk-lib";
import { EventField, Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { Environment } from "../../../lambdas/contracts/environment.ts";
import type { KeptQuestion } from "../../../lambdas/contracts/kept.ts";

/** An event that comes so late still asks about its own day, and is there before the next one. */
const DELIVERY = { maxEventAge: Duration.hours(12), retryAttempts: 100 } as const;

/**
 * Once a day, people are reminded of what rollbacks kept. The hour is the environment's: rules know UTC only, and somebody
 * who reads it at night reads it badly. The event carries its own time, as a JSON value.
 */
export function reminderRule(
  scope: Construct,
  {
    environment,
    remind,
    components,
    deadLetters,
  }: {
    readonly environment: Environment;
    readonly remind: IFunction;
    readonly components: KeptQuestion["components"];
    readonly deadLetters: IQueue;
  },
): Rule {
  const rule = new Rule(scope, "ReminderDue", {
    description: "Looks once a day whether something that a rollback kept is due, and reminds people",
    schedule: Schedule.cron({ minute: "0", hour: String(environment.policy.remindHour) }),
  });
  const question: KeptQuestion = { at: EventField.time, components };
  const event = RuleTargetInput.fromObject(question);
  rule.addTarget(new LambdaFunction(remind, { event, deadLetterQueue: deadLetters, ...DELIVERY }));
  return rule;
}
