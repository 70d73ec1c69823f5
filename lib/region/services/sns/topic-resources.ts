import { z } from "zod";
import type { ResourceModel } from "../../service-model.ts";
import { TOPIC_ATTRIBUTES, type Topics } from "./topics.ts";

/** `AWS::SNS::Topic`: Ref is the ARN; subscriptions written inside the topic are made with it. */
export function topicResource(topics: Topics): ResourceModel {
  return {
    accepts: ["TopicName", "Tags", "Subscription.Protocol", "Subscription.Endpoint", ...TOPIC_ATTRIBUTES],
    namedBy: "TopicName",
    create: (_logicalId, properties) => {
      const { TopicName, Subscription, Tags: _tags, ...attributes } = topicProperties.parse(properties);
      const texts = Object.entries(attributes).map(([name, value]) => [name, String(value)]);
      const topic = topics.create(TopicName, Object.fromEntries(texts));
      for (const { Protocol, Endpoint } of Subscription) topics.subscribe(topic, Protocol, Endpoint, {});
      return { ref: topic.arn, attributes: { TopicArn: topic.arn, TopicName } };
    },
  };
}

/** `AWS::SNS::TopicPolicy`: becomes the policy of every topic it names, replacing the default one. */
export function topicPolicyResource(topics: Topics): ResourceModel {
  return {
    accepts: ["Topics", "PolicyDocument"],
    create: (logicalId, properties) => {
      const { Topics: arns, PolicyDocument } = policyProperties.parse(properties);
      for (const arn of arns) topics.setAttribute(topics.get(arn), "Policy", JSON.stringify(PolicyDocument));
      // Unverified: the form of the id that Ref yields; nothing refers to it.
      return { ref: logicalId, attributes: { Id: logicalId } };
    },
  };
}

/** `AWS::SNS::Subscription`: Ref is the subscription's ARN. */
export function subscriptionResource(topics: Topics): ResourceModel {
  return {
    accepts: ["TopicArn", "Protocol", "Endpoint", "FilterPolicy", "FilterPolicyScope", "RawMessageDelivery"],
    create: (_logicalId, properties) => {
      const { TopicArn, Protocol, Endpoint, FilterPolicy, ...attributes } =
        subscriptionProperties.parse(properties);
      const texts: Record<string, string> = {};
      for (const [name, value] of Object.entries(attributes))
        if (value !== undefined) texts[name] = String(value);
      if (FilterPolicy) texts["FilterPolicy"] = JSON.stringify(FilterPolicy);
      const subscription = topics.subscribe(topics.get(TopicArn), Protocol, Endpoint, texts);
      return { ref: subscription.arn, attributes: { Arn: subscription.arn } };
    },
  };
}

const topicProperties = z
  .object({
    TopicName: z.string(),
    Tags: z.unknown().optional(),
    Subscription: z.array(z.strictObject({ Protocol: z.string(), Endpoint: z.string() })).default([]),
  })
  .catchall(z.union([z.string(), z.number()]));

const policyProperties = z.strictObject({
  Topics: z.array(z.string()),
  PolicyDocument: z.record(z.string(), z.unknown()),
});

const subscriptionProperties = z.strictObject({
  TopicArn: z.string(),
  Protocol: z.string(),
  Endpoint: z.string(),
  FilterPolicy: z.record(z.string(), z.unknown()).optional(),
  FilterPolicyScope: z.string().optional(),
  RawMessageDelivery: z.union([z.boolean(), z.stringbool()]).optional(),
});
