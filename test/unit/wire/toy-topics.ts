import * as sns from "@aws-sdk/client-sns";
import { AwsError, ServiceModel } from "../../../lib/region/service-model.ts";

/** A tiny SNS: enough operations to send every kind of call through the pipeline. */
export function toyTopics(arns: readonly string[] = ["arn:aws:sns:eu-west-1:123456789012:known"]): {
  readonly service: ServiceModel;
  readonly published: string[];
} {
  const published: string[] = [];
  const client = new sns.SNSClient({
    region: "eu-west-1",
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const service = new ServiceModel("sns", sns, client)
    .on(sns.PublishCommand, {
      accepts: ["TopicArn", "Message", "MessageAttributes"],
      authorize: ({ TopicArn }) => [{ action: "sns:Publish", resource: TopicArn ?? "*" }],
      handle({ TopicArn, Message = "" }) {
        if (Message === "trip over a bug") throw new TypeError("the toy tripped");
        if (!arns.includes(TopicArn ?? "")) throw new AwsError("NotFoundException", "Topic does not exist");
        published.push(Message);
        return { MessageId: `message-${published.length}` };
      },
    })
    .on(sns.ListTopicsCommand, {
      accepts: [],
      authorize: () => [{ action: "sns:ListTopics", resource: "*" }],
      handle: () => ({ Topics: arns.map((TopicArn) => ({ TopicArn })) }),
    });
  return { service, published };
}
