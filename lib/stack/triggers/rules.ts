import { Duration, Stack } from "aws-cdk-lib";
import { EventField, Match, Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { SfnStateMachine, SnsTopic } from "aws-cdk-lib/aws-events-targets";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { IStateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { alarmPrefix, type Environment } from "../../../lambdas/contracts/environment.ts";
import { arnIn } from "../step-function.ts";
import { WholeEvent } from "./whole-event.ts";

/**
 * How long EventBridge tries to deliver: its defaults (24 hours, 185 attempts) could start a rollback the next day
 * (docs/facts/frontend-secrets-config.md G).
 */
const DELIVERY = { maxEventAge: Duration.minutes(5), retryAttempts: 10 } as const;

/**
 * One of this environment's alarms goes into ALARM: start a rollback. The rule drops muted alarms and keeps events
 * whose action is only waiting for a suppressor; the workflow checks age, duplicates and the alarm itself again.
 */
export function alarmRule(
  scope: Construct,
  {
    environment,
    machine,
    deadLetters,
  }: { environment: Environment; machine: IStateMachine; deadLetters: IQueue },
): Rule {
  const rule = new Rule(scope, "AlarmFired", {
    description: `Starts a rollback of ${environment.name} when one of its alarms goes into ALARM`,
    eventPattern: {
      source: ["aws.cloudwatch"],
      detailType: ["CloudWatch Alarm State Change"],
      account: [Stack.of(scope).account],
      region: [Stack.of(scope).region],
      resources: Match.prefix(arnIn(scope, "cloudwatch", `alarm:${alarmPrefix(environment)}`)),
      detail: {
        state: { value: ["ALARM"], actionsSuppressedBy: [{ exists: false }, "WaitPeriod"] },
        muteDetail: { mutedByArn: [{ exists: false }] },
      },
    },
  });
  const input = new WholeEvent(['{"trigger":{"type":"alarm","event":', "}}"]);
  rule.addTarget(new SfnStateMachine(machine, { input, deadLetterQueue: deadLetters, ...DELIVERY }));
  return rule;
}

/** A deployment of one of the services finished: record what runs now. */
export function deploymentRule(
  scope: Construct,
  {
    services,
    machine,
    deadLetters,
  }: { services: readonly string[]; machine: IStateMachine; deadLetters: IQueue },
): Rule {
  const rule = new Rule(scope, "DeploymentCompleted", {
    description: "Records a checkpoint when a deployment of a component has completed",
    eventPattern: {
      source: ["aws.ecs"],
      detailType: ["ECS Deployment State Change"],
      resources: [...services],
      detail: { eventName: ["SERVICE_DEPLOYMENT_COMPLETED"] },
    },
  });
  const input: RuleTargetInput = new WholeEvent(['{"event":', "}"]);
  rule.addTarget(new SfnStateMachine(machine, { input, deadLetterQueue: deadLetters, ...DELIVERY }));
  return rule;
}

/**
 * Frontends, secrets and parameters that are released alone tell nobody: CloudFront, KeyValueStore and Secrets Manager
 * reach EventBridge through CloudTrail only, which an account may not have. Nor does ECS announce what CodeDeploy deploys.
 * So it is looked now and then; what is unchanged records nothing.
 */
export function lookingRule(
  scope: Construct,
  { every, machine, deadLetters }: { every: Duration; machine: IStateMachine; deadLetters: IQueue },
): Rule {
  const rule = new Rule(scope, "LookForReleases", {
    description: "Records a checkpoint when something was released that AWS does not announce",
    schedule: Schedule.rate(every),
  });
  rule.addTarget(new SfnStateMachine(machine, { deadLetterQueue: deadLetters, ...DELIVERY }));
  return rule;
}

/**
 * A rollback's execution ended. A killed execution runs no catch, and one that succeeded may have failed to give its
 * lock back, so this is the second layer that tidies up and tells people (docs/architecture.md).
 */
export function executionRule(
  scope: Construct,
  { machine, cleanUp, deadLetters }: { machine: IStateMachine; cleanUp: IStateMachine; deadLetters: IQueue },
): Rule {
  const rule = new Rule(scope, "RollbackEnded", {
    description: "Tidies up after a rollback, above all after one that failed, timed out or was stopped",
    eventPattern: {
      source: ["aws.states"],
      detailType: ["Step Functions Execution Status Change"],
      detail: {
        stateMachineArn: [machine.stateMachineArn],
        status: ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"],
      },
    },
  });
  rule.addTarget(
    new SfnStateMachine(cleanUp, {
      deadLetterQueue: deadLetters,
      maxEventAge: Duration.hours(1),
      retryAttempts: 20,
    }),
  );
  return rule;
}

/**
 * ECS says that tasks of a service cannot start. People are told at once; the rule's own invocation count is the metric
 * that the startup-failure alarm watches (docs/facts/frontend-secrets-config.md H.7: these are events, not metrics).
 */
export function startupFailureRule(
  scope: Construct,
  id: string,
  { services, topic }: { services: readonly string[]; topic: ITopic },
): Rule {
  const rule = new Rule(scope, id, {
    description: "Tasks of a component cannot start",
    eventPattern: {
      source: ["aws.ecs"],
      detailType: ["ECS Service Action"],
      resources: [...services],
      detail: {
        eventName: [
          "SERVICE_TASK_START_IMPAIRED",
          "SERVICE_TASK_PLACEMENT_FAILURE",
          "SERVICE_TASK_CONFIGURATION_FAILURE",
        ],
      },
    },
  });
  const message = RuleTargetInput.fromText(
    `ECS cannot start tasks of ${EventField.fromPath("$.resources[0]")}: ${EventField.fromPath("$.detail.eventName")}. Look at the service's events and at its stopped tasks (docs/runbook.md, startup-failure).`,
  );
  rule.addTarget(new SnsTopic(topic, { message }));
  return rule;
}
