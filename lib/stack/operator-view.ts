import { Duration } from "aws-cdk-lib";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import type { Environment } from "../../lambdas/contracts/environment.ts";

export interface OperatorViewProps {
  readonly environment: Environment;
  readonly topic: ITopic;
  readonly deadLetters: IQueue;
  readonly rollback: StateMachine;
  readonly checkpoint: StateMachine;
  readonly cleanUp: StateMachine;
}

const ONE_MINUTE = Duration.minutes(1);
/** EvaluationPeriods times Period is at most a day (AWS::CloudWatch::Alarm). */
const MOST_PERIODS = 1_440;

/**
 * Stepback watching itself: people are told when an event could not be delivered, when no checkpoint could be made and
 * when what a stopped rollback left behind could not be put back. That a rollback failed is told by the clean-up.
 */
export class OperatorView extends Construct {
  constructor(scope: Construct, id: string, props: OperatorViewProps) {
    super(scope, id);
    const alarms = [this.#undeliveredEvents(props), this.#checkpointsFail(props), this.#cleanUpFails(props)];
    for (const alarm of alarms) {
      alarm.addAlarmAction(new SnsAction(props.topic));
      letAlarmPublish(props.topic, alarm);
    }
    const machines = [props.rollback, props.checkpoint, props.cleanUp].map(machineGraph);
    const state = new cloudwatch.AlarmStatusWidget({ title: "Stepback itself", alarms, width: 24 });
    new cloudwatch.Dashboard(this, "Dashboard", {
      dashboardName: `stepback-${props.environment.name}`,
      widgets: [machines, [state]],
    });
  }

  #undeliveredEvents({ environment, deadLetters }: OperatorViewProps): cloudwatch.Alarm {
    return this.#alarm("UndeliveredEvents", `watch-${environment.name}-undelivered-events`, {
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({
        period: ONE_MINUTE,
        statistic: "Maximum",
      }),
      alarmDescription:
        "An alarm event did not reach the rollback; look at the dead-letter queue (docs/runbook.md)",
    });
  }

  /** Without checkpoints there are no proven targets; nobody would notice before the night they are needed. */
  #checkpointsFail({ environment, checkpoint }: OperatorViewProps): cloudwatch.Alarm {
    return this.#alarm("CheckpointsFail", `watch-${environment.name}-checkpoints-fail`, {
      metric: endsBadly(checkpoint, "Failed checkpoints"),
      alarmDescription:
        "What runs was not recorded or judged; look at the checkpoint machine (docs/runbook.md)",
      // Checkpoints come every so often: what fails every time is one alarm, not one each time.
      evaluationPeriods: Math.min(MOST_PERIODS, 2 * environment.policy.checkpointMinutes),
      datapointsToAlarm: 1,
    });
  }

  /** The last layer: a lock may still be held, writers may stand still, and nobody else would say so. */
  #cleanUpFails({ environment, cleanUp }: OperatorViewProps): cloudwatch.Alarm {
    return this.#alarm("CleanUpFails", `watch-${environment.name}-clean-up-fails`, {
      metric: endsBadly(cleanUp, "Failed clean-ups"),
      alarmDescription:
        "What a stopped rollback left behind was not put back; look at the clean-up machine (docs/runbook.md)",
    });
  }

  #alarm(
    id: string,
    alarmName: string,
    props: Pick<cloudwatch.AlarmProps, "metric" | "alarmDescription" | "datapointsToAlarm"> &
      Partial<Pick<cloudwatch.AlarmProps, "evaluationPeriods">>,
  ): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, id, {
      evaluationPeriods: 1,
      ...props,
      alarmName,
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }
}

function endsBadly(machine: StateMachine, label: string): cloudwatch.MathExpression {
  const period = { period: ONE_MINUTE, statistic: "Sum" };
  return new cloudwatch.MathExpression({
    expression: "FILL(failed,0)+FILL(late,0)",
    label,
    period: ONE_MINUTE,
    usingMetrics: { failed: machine.metricFailed(period), late: machine.metricTimedOut(period) },
  });
}

function machineGraph(machine: StateMachine): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({
    title: machine.node.path.split("/").at(-2) ?? "Machine",
    left: [
      machine.metricStarted(),
      machine.metricSucceeded(),
      machine.metricFailed(),
      machine.metricTimedOut(),
    ],
    width: 8,
  });
}

/** A topic with a policy of its own admits no service by default: this alarm, in this account, may publish. */
function letAlarmPublish(topic: ITopic, alarm: cloudwatch.Alarm): void {
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
      actions: ["sns:Publish"],
      resources: [topic.topicArn],
      conditions: { ArnLike: { "aws:SourceArn": alarm.alarmArn } },
    }),
  );
}
