import { Duration } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import * as sfn from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { InvokeFunction } from "./invoke-function.ts";
import { RETRY_LAST_LAYER } from "./retries.ts";
import { MOVE_TIMEOUT } from "./wave-states.ts";

/** The function gives up after 36 looks of five minutes; this is for what keeps it from answering. */
export const CLEAN_UP_TIMEOUT = Duration.hours(5);

/** What the function reads of the event, which may hold a quarter of a megabyte of the execution's own input. */
const DETAIL = {
  executionArn: "{% $states.input.detail.executionArn %}",
  name: "{% $states.input.detail.name %}",
  status: "{% $states.input.detail.status %}",
  error: "{% $exists($states.input.detail.error) ? $states.input.detail.error : null %}",
  startDate: "{% $states.input.detail.startDate %}",
};

/** After a rollback's execution: call the clean-up until everything is put back that the execution left behind. */
export function cleanUpWorkflow(scope: Construct, cleanUp: IFunction): sfn.IChainable {
  const begin = sfn.Pass.jsonata(scope, "A rollback ended", {
    assign: { event: { detail: DETAIL }, looks: 0 },
    outputs: {},
  });
  const tidy = new InvokeFunction(scope, "Clean up", {
    target: cleanUp,
    payload: { event: "{% $event %}", looks: "{% $looks %}" },
    timeout: MOVE_TIMEOUT,
    assign: { looks: "{% $looks + 1 %}" },
  });
  // Behind it there is only a person.
  tidy.addRetry(RETRY_LAST_LAYER);
  const isThrough = sfn.Choice.jsonata(scope, "Is everything put back?", {})
    .when(sfn.Condition.jsonata("{% $states.input.finished %}"), sfn.Succeed.jsonata(scope, "Cleaned up", {}))
    .otherwise(tidy);
  return begin.next(tidy).next(isThrough);
}
