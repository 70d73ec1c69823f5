import { Duration } from "aws-cdk-lib";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import type { Environment } from "../../../lambdas/contracts/environment.ts";

export interface OperatorViewProps {
  readonly environment: Environment;
  readonly topic: ITopic;
  readonly deadLetters: IQueue;
  readonly machines: readonly StateMachine[];
}

/** Stepback watching itself: people are told when an event could not be delivered or a machine could not finish. */
export class OperatorView extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { environment, topic, deadLetters, machines }: OperatorViewProps,
  ) {
    super(scope, id);
    const lost = this.#alarm("UndeliveredEvents", `watch-${environment.name}-undelivered-events`, {
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: "Maximum",
      }),
      alarmDescription:
        "An alarm event did not reach the rollback; look at the dead-letter queue (docs/runbook.md)",
    });
    lost.addAlarmAction(new SnsAction(topic));
    letAlarmPublish(topic, lost);
    const widgets = machines.map(
      (machine) =>
        new cloudwatch.GraphWidget({
          title: machine.node.path.split("/").at(-2) ?? "Machine",
          left: [
            machine.metricStarted(),
            machine.metricSucceeded(),
            machine.metricFailed(),
            machine.metricTimedOut(),
          ],
          width: 12,
        }),
    );
    new cloudwatch.Dashboard(this, "Dashboard", {
      dashboardName: `stepback-${environment.name}`,
      widgets: [
        widgets,
        [new cloudwatch.AlarmStatusWidget({ title: "Stepback itself", alarms: [lost], width: 24 })],
      ],
    });
  }

  #alarm(
    id: string,
    alarmName: string,
    props: Pick<cloudwatch.AlarmProps, "metric" | "alarmDescription">,
  ): cloudwatch.Alarm {
    return new cloudwatch.Alarm(this, id, {
      ...props,
      alarmName,
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }
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
