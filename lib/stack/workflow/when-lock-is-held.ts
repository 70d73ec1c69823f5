import { Duration } from "aws-cdk-lib";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import {
  Choice,
  Condition,
  type IChainable,
  Pass,
  Succeed,
  Wait,
  WaitTime,
} from "aws-cdk-lib/aws-stepfunctions";
import type { DynamoUpdateItem } from "aws-cdk-lib/aws-stepfunctions-tasks";
import type { Construct } from "constructs";
import { announce } from "./announce.ts";
import { CONDITION_FAILED } from "./ledger-lock.ts";

interface LockIsHeldProps {
  readonly topic: ITopic;
  readonly environment: string;
  readonly takeLock: DynamoUpdateItem;
  /** Says that nothing was changed, and `$why`. */
  readonly rejected: IChainable;
}

/** How often an approved rollback looks whether the one that is running still moves something, and how many times. */
const LOOK_SECONDS = 30;
const LOOKS = 60;

/**
 * Whoever comes while a rollback runs joins it. Not what a person approved: that person believes that it runs now, and the
 * other one, an alarm's most of all, may leave out what was approved. It follows when the other only watches alarms.
 */
export function whenLockIsHeld(scope: Construct, props: LockIsHeldProps): void {
  const { topic, environment, takeLock, rejected } = props;
  const wait = Wait.jsonata(scope, "Wait for the running rollback", {
    time: WaitTime.duration(Duration.seconds(LOOK_SECONDS)),
  });
  const waiting = announce(scope, "Announce waiting", {
    topic,
    environment,
    phase: "decision",
    subject: "{% 'Waiting: ' & $planned.rollbackId & ' was approved' %}",
    message:
      "{% 'It was ' & $why & ', and begins by itself as soon as the rollback that is running moves nothing any more. Nobody is asked again.' %}",
  });
  waiting.addCatch(wait, { errors: ["States.ALL"], outputs: "{% $states.input %}" });
  waiting.next(wait);
  wait.next(takeLock);
  const why = `another rollback has been running for ${(LOOKS * LOOK_SECONDS) / 60} minutes since it was approved`;
  const givenUp = Pass.jsonata(scope, "Give up waiting", { assign: { why } });
  givenUp.next(rejected);
  takeLock.addCatch(
    Choice.jsonata(scope, "Was it approved?", {})
      .when(Condition.jsonata("{% $planned.decision.action != 'ask' %}"), joined(scope))
      .when(Condition.jsonata("{% $looks = 1 %}"), waiting)
      .when(Condition.jsonata(`{% $looks <= ${LOOKS} %}`), wait)
      .otherwise(givenUp),
    { errors: [CONDITION_FAILED], assign: { looks: "{% $looks + 1 %}" } },
  );
}

function joined(scope: Construct): Succeed {
  return Succeed.jsonata(scope, "Join the running rollback", {
    outputs: {
      outcome: "Joined",
      sentence:
        "Another rollback of this environment is running; this request joined it and started nothing.",
      rollbackId: "{% $planned.rollbackId %}",
    },
  });
}
