import { Duration } from "aws-cdk-lib";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { TaskInput, Timeout } from "aws-cdk-lib/aws-stepfunctions";
import { MessageAttributeDataType, SnsPublish } from "aws-cdk-lib/aws-stepfunctions-tasks";
import type { Construct } from "constructs";
import type { Phase } from "../../../lambdas/contracts/vocabulary.ts";
import { RETRY_AWS_CALL } from "./retries.ts";

interface AnnounceProps {
  readonly topic: ITopic;
  readonly environment: string;
  readonly phase: Phase;
  readonly subject: string;
  readonly message: string;
  /** @default - the phase's own name */
  readonly outcome?: string;
  /** @default - that of the plan, once there is one */
  readonly rollbackId?: string;
}

/** A message to people, straight to SNS: no Lambda stands between a rollback and the word about it. */
export function announce(scope: Construct, id: string, props: AnnounceProps): SnsPublish {
  const state = SnsPublish.jsonata(scope, id, {
    topic: props.topic,
    subject: props.subject,
    message: TaskInput.fromText(props.message),
    messageAttributes: {
      environment: stringAttribute(props.environment),
      phase: stringAttribute(props.phase),
      rollbackId: stringAttribute(props.rollbackId ?? OF_THE_PLAN),
      ...(props.outcome ? { outcome: stringAttribute(props.outcome) } : {}),
    },
    taskTimeout: Timeout.duration(Duration.seconds(20)),
    outputs: "{% $states.input %}",
  });
  state.addRetry(RETRY_AWS_CALL);
  return state;
}

const OF_THE_PLAN = "{% $exists($planned) ? $planned.rollbackId : 'none' %}";

const stringAttribute = (value: string) => ({ value, dataType: MessageAttributeDataType.STRING });
