import { Duration } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import * as sfn from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import type { Environment } from "../../../lambdas/contracts/environment.ts";
import { InvokeFunction } from "./invoke-function.ts";

export interface CheckpointWorkflowProps {
  readonly environment: Environment;
  readonly recordCheckpoint: IFunction;
  readonly judgeCheckpoint: IFunction;
}

/** After a deployment: record what runs, let it bake, judge it. A release is proven when nobody had to complain. */
export function checkpointWorkflow(scope: Construct, props: CheckpointWorkflowProps): sfn.IChainable {
  const { environment, recordCheckpoint, judgeCheckpoint } = props;
  const unchanged = sfn.Succeed.jsonata(scope, "Nothing new", {});
  const judged = sfn.Succeed.jsonata(scope, "Checkpoint judged", {});
  const record = new InvokeFunction(scope, "Record checkpoint", {
    target: recordCheckpoint,
    payload: { environment },
    timeout: Duration.minutes(1),
  });
  const bake = sfn.Wait.jsonata(scope, "Let it bake", {
    time: sfn.WaitTime.duration(Duration.minutes(environment.policy.bakeMinutes)),
  });
  const judge = new InvokeFunction(scope, "Judge checkpoint", {
    target: judgeCheckpoint,
    payload: { environment, checkpointId: "{% $states.input.checkpointId %}" },
    timeout: Duration.minutes(1),
  });
  const isNew = sfn.Choice.jsonata(scope, "Anything new?", {})
    .when(sfn.Condition.jsonata("{% $states.input.status = 'recorded' %}"), bake.next(judge).next(judged))
    .otherwise(unchanged);
  return record.next(isNew);
}
