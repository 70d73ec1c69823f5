import type { Duration } from "aws-cdk-lib";
import { RemovalPolicy } from "aws-cdk-lib";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import {
  DefinitionBody,
  type IChainable,
  LogLevel,
  QueryLanguage,
  StateMachine,
} from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";

export interface LoggedStateMachineProps {
  /** A person types it: `aws stepfunctions start-execution`. */
  readonly stateMachineName: string;
  readonly timeout: Duration;
  readonly definition: (scope: Construct) => IChainable;
}

/**
 * A standard JSONata state machine with every event logged and no payload in the log: inputs may hold what people
 * wrote, and outputs travel through S3 and the ledger instead (docs/architecture.md).
 */
export class LoggedStateMachine extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, props: LoggedStateMachineProps) {
    super(scope, id);
    const destination = new LogGroup(this, "Logs", {
      // Step Functions needs this prefix, else its resource policy outgrows its limit (Step Functions developer guide, CloudWatch Logs).
      logGroupName: `/aws/vendedlogs/states/${props.stateMachineName}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.machine = new StateMachine(this, "Machine", {
      stateMachineName: props.stateMachineName,
      queryLanguage: QueryLanguage.JSONATA,
      definitionBody: DefinitionBody.fromChainable(props.definition(this)),
      timeout: props.timeout,
      tracingEnabled: true,
      logs: { destination, level: LogLevel.ALL, includeExecutionData: false },
    });
  }
}
