import { Duration } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import * as sfn from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { announce } from "./announce.ts";
import { InvokeFunction } from "./invoke-function.ts";
import { oneLine } from "./one-line.ts";
import { NEVER_AGAIN, RETRY_LAST_LAYER, RETRY_OUTAGE } from "./retries.ts";
import { MOVE_TIMEOUT } from "./wave-states.ts";

/**
 * The function gives up after 60 looks of five minutes, and AWS may be out for longer than that before it; what a
 * rollback lacks is asked for during a day, with as long an outage.
 */
export const CLEAN_UP_TIMEOUT = Duration.hours(10 + 24 + 8);

/** A first backup takes minutes or hours, and nobody waits for what comes after it. */
const COMPLETING_PAUSE = Duration.minutes(10);

/** What the function reads of the event, which may hold a quarter of a megabyte of the execution's own input. */
const READ = "['executionArn', 'name', 'status', 'error', 'startDate']";
const EVENT = oneLine(`{% $exists($states.input.detail)
  ? { 'detail': $sift($states.input.detail, function($v, $k) { $k in ${READ} }) } : null %}`);
/** What a person asks for: `stepback finish`. */
const FINISH = "{% $exists($states.input.finish) ? $states.input.finish : null %}";

/** The rollback that lacks something, when it does. */
const INCOMPLETE =
  "{% $exists($states.result.Payload.incomplete) ? $states.result.Payload.incomplete : null %}";

export interface CleanUpWorkflowProps {
  readonly environment: string;
  readonly topic: ITopic;
  readonly cleanUp: IFunction;
}

/**
 * After a rollback's execution, or when a person says so: call the clean-up until everything is put back that was left
 * behind. While AWS does not answer, people are told every half an hour that it goes on.
 */
export function cleanUpWorkflow(scope: Construct, props: CleanUpWorkflowProps): sfn.IChainable {
  const begin = sfn.Pass.jsonata(scope, "Something is left", {
    assign: { event: EVENT, finish: FINISH, looks: 0, incomplete: null, completingLooks: 0 },
    outputs: {},
  });
  const tidy = new InvokeFunction(scope, "Clean up", {
    target: props.cleanUp,
    payload: {
      event: "{% $event %}",
      finish: "{% $finish %}",
      complete: null,
      execution: "{% $states.context.Execution.Id %}",
      looks: "{% $looks %}",
    },
    timeout: MOVE_TIMEOUT,
    assign: { looks: "{% $looks + 1 %}", incomplete: INCOMPLETE },
    // Behind it there is only a person.
    retries: [NEVER_AGAIN, RETRY_OUTAGE, RETRY_LAST_LAYER],
  });
  const wait = announce(scope, "Announce outage", {
    ...{ topic: props.topic, environment: props.environment, phase: "failure" },
    subject: `Clean-up of ${props.environment} is waiting for AWS`,
    message: `{% ${OUTAGE} & ($exists($finish.rollbackId) ? $finish.rollbackId : $event.detail.executionArn) %}`,
    rollbackId: "none",
  });
  tidy.addCatch(wait, { errors: RETRY_OUTAGE.errors ?? [], outputs: {} });
  wait.addCatch(tidy, { errors: ["States.ALL"], outputs: {} });
  wait.next(tidy);
  const end = sfn.Succeed.jsonata(scope, "Cleaned up", {});
  const isThrough = sfn.Choice.jsonata(scope, "Is everything put back?", {})
    .when(sfn.Condition.jsonata("{% $states.input.finished and $incomplete = null %}"), end)
    .when(sfn.Condition.jsonata("{% $states.input.finished %}"), whatIsIncomplete(scope, props, end))
    .otherwise(tidy);
  return begin.next(tidy).next(isThrough);
}

/** What nobody feels is set when RDS takes it: it is asked for at once and then every ten minutes, for a day. */
function whatIsIncomplete(
  scope: Construct,
  { cleanUp }: CleanUpWorkflowProps,
  end: sfn.IChainable,
): sfn.IChainable {
  const pause = sfn.Wait.jsonata(scope, "Wait before completing", {
    time: sfn.WaitTime.duration(COMPLETING_PAUSE),
  });
  const complete = new InvokeFunction(scope, "Complete components", {
    target: cleanUp,
    payload: {
      event: null,
      finish: null,
      complete: "{% $incomplete %}",
      execution: "{% $states.context.Execution.Id %}",
      looks: "{% $completingLooks %}",
    },
    timeout: MOVE_TIMEOUT,
    assign: { completingLooks: "{% $completingLooks + 1 %}" },
    retries: [NEVER_AGAIN, RETRY_OUTAGE, RETRY_LAST_LAYER],
  });
  complete.addCatch(pause, { errors: RETRY_OUTAGE.errors ?? [], outputs: {} });
  pause.next(complete);
  complete.next(
    sfn.Choice.jsonata(scope, "Is everything complete?", {})
      .when(sfn.Condition.jsonata("{% $states.input.finished %}"), end)
      .otherwise(pause),
  );
  return complete;
}

const OUTAGE =
  oneLine(`'AWS has not answered for half an hour, so what a rollback left behind is not put back yet. ' &
  'Writers may stand still, the maintenance page may be up, and nothing else is rolled back. ' &
  'It goes on by itself as soon as AWS answers. Cannot you wait? docs/runbook.md, clean-up-fails, says what to do by hand. ' &
  'It is about '`);
