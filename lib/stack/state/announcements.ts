import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";
import type { Environment } from "../../../lambdas/contracts/environment.ts";

/** The topic that carries every message to people; subscribers filter on its attributes (docs/runbook.md). */
export function announcementTopic(scope: Construct, environment: Environment): Topic {
  const topic = new Topic(scope, "Announcements", {
    displayName: `Stepback ${environment.application} ${environment.name}`,
    enforceSSL: true,
  });
  for (const email of environment.notify.emails) topic.addSubscription(new EmailSubscription(email));
  return topic;
}
