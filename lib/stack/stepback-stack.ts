import { type CfnElement, Duration, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import {
  checkpointMachineName,
  cleanUpMachineName,
  componentsOf,
  type Environment,
  rollbackMachineName,
} from "../../lambdas/contracts/environment.ts";
import { longestRollbackMinutes } from "../../lambdas/contracts/longest-rollback.ts";
import { Boundary } from "./boundary.ts";
import { isReleasedInSilence, keptAddressesOf } from "./components/registry.ts";
import { Functions } from "./functions.ts";
import { OperatorView } from "./operator-view.ts";
import { announcementTopic } from "./state/announcements.ts";
import { deadLetterQueue } from "./state/dead-letters.ts";
import { Ledger } from "./state/ledger.ts";
import { reportBucket } from "./state/reports.ts";
import { arnIn } from "./step-function.ts";
import { reminderRule } from "./triggers/reminder-rule.ts";
import { RollbackAlarms } from "./triggers/rollback-alarms.ts";
import { alarmRule, deploymentRule, executionRule, lookingRule } from "./triggers/rules.ts";
import { checkpointWorkflow } from "./workflow/checkpoint-workflow.ts";
import { CLEAN_UP_TIMEOUT, cleanUpWorkflow } from "./workflow/clean-up-workflow.ts";
import { LoggedStateMachine } from "./workflow/logged-state-machine.ts";
import { RollbackWorkflow } from "./workflow/rollback-workflow.ts";

export interface StepbackStackProps extends StackProps {
  readonly environment: Environment;
}

/** Everything Stepback is in one account and region for one environment. Composition only. */
export class StepbackStack extends Stack {
  /** The report bucket's own element, whose generated name findings about it carry. */
  readonly reports: CfnElement;

  constructor(scope: Construct, id: string, { environment, ...props }: StepbackStackProps) {
    super(scope, id, props);
    Boundary.applyTo(this);
    const topic = announcementTopic(this, environment);
    const ledger = new Ledger(this, "Ledger");
    const bucket = reportBucket(this);
    this.reports = bucket.node.defaultChild as CfnElement;
    const deadLetters = deadLetterQueue(this);
    const functions = new Functions(this, "Functions", { environment, ledger, bucket, topic });

    const rollback = new LoggedStateMachine(this, "Rollback", {
      stateMachineName: rollbackMachineName(environment),
      timeout: Duration.minutes(longestRollbackMinutes(environment)),
      definition: (machine) =>
        new RollbackWorkflow(machine, {
          environment,
          table: ledger.table,
          topic,
          bucket,
          movers: functions.movers,
          steps: functions,
        }).chain(),
    });
    const checkpoint = new LoggedStateMachine(this, "Checkpoint", {
      stateMachineName: checkpointMachineName(environment),
      timeout: Duration.minutes(environment.policy.bakeMinutes + 60),
      definition: (machine) => checkpointWorkflow(machine, { environment, ...functions.checkpointing }),
    });
    const cleanUp = new LoggedStateMachine(this, "CleanUp", {
      stateMachineName: cleanUpMachineName(environment),
      timeout: CLEAN_UP_TIMEOUT,
      definition: (machine) =>
        cleanUpWorkflow(machine, { environment: environment.name, topic, cleanUp: functions.cleanUp }),
    });

    new RollbackAlarms(this, "Alarms", { environment, topic });
    alarmRule(this, { environment, machine: rollback.machine, deadLetters });
    executionRule(this, { machine: rollback.machine, cleanUp: cleanUp.machine, deadLetters });
    deploymentRule(this, {
      services: servicesOf(this, environment),
      machine: checkpoint.machine,
      deadLetters,
    });
    if (Object.values(environment.components).some(isReleasedInSilence)) {
      const every = Duration.minutes(environment.policy.checkpointMinutes);
      lookingRule(this, { every, machine: checkpoint.machine, deadLetters });
    }
    if (functions.remindOfKept) {
      const components = keptAddressesOf(environment);
      reminderRule(this, { environment, remind: functions.remindOfKept, components, deadLetters });
    }
    new OperatorView(this, "OperatorView", {
      environment,
      topic,
      deadLetters,
      rollback: rollback.machine,
      checkpoint: checkpoint.machine,
      cleanUp: cleanUp.machine,
    });
  }
}

function servicesOf(stack: Stack, environment: Environment): string[] {
  return componentsOf(environment, "ecs-service").map(([, { cluster, service }]) =>
    arnIn(stack, "ecs", `service/${cluster}/${service}`),
  );
}
