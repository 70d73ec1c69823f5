import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";
import type { Environment } from "../../../lambdas/contracts/environment.ts";
import { arnIn } from "../step-function.ts";

/** The topic that carries every message to people; subscribers filter on its attributes (docs/runbook.md). */
export function announcementTopic(scope: Construct, environment: Environment): Topic {
  const topic = new Topic(scope, "Announcements", {
    displayName: `Stepback ${environment.application} ${environment.name}`,
    enforceSSL: true,
  });
  // A topic with a policy of its own loses the default one, under which alarms may publish
  // (https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger).
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: "AlarmsMayPublish",
      principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
      actions: ["sns:Publish"],
      resources: [topic.topicArn],
      conditions: {
        ArnLike: { "aws:SourceArn": arnIn(scope, "cloudwatch", `alarm:${watchPrefix(environment)}*`) },
      },
    }),
  );
  for (const email of environment.notify.emails) topic.addSubscription(new EmailSubscription(email));
  return topic;
}

/** The alarms on Stepback itself are told to people; a prefix of their own keeps them from starting rollbacks. */
export const watchPrefix = (environment: Environment) => `watch-${environment.name}-`;
