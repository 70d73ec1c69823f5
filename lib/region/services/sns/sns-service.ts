import * as sns from "@aws-sdk/client-sns";
import type { RegionContext } from "../../region-context.ts";
import { type Call, type Permission, type Principal, ServiceModel } from "../../service-model.ts";
import { type Delivery, Notifications } from "./notifications.ts";
import { type PublishedMessage, publication } from "./publication.ts";
import { subscriptionResource, topicPolicyResource, topicResource } from "./topic-resources.ts";
import { notModelled, type Subscription, setSubscriptionAttributes, type Topic, Topics } from "./topics.ts";

export interface Sns {
  readonly model: ServiceModel;
  /** Every message that a topic accepted, in order. */
  published(): readonly PublishedMessage[];
  /** Every mail that reached somebody, in order. */
  mailbox(): readonly Delivery[];
}

export interface SnsOptions {
  /**
   * Whether people click the link that confirms an e-mail subscription, at once. AWS delivers nothing to an
   * unconfirmed address. @default true
   */
  readonly recipientsConfirm?: boolean;
}

/** Amazon SNS: standard topics with mail, queue and function subscriptions. */
export function snsService(context: RegionContext, { recipientsConfirm = true }: SnsOptions = {}): Sns {
  const topics = new Topics(context, recipientsConfirm);
  const notifications = new Notifications(context);
  const published: PublishedMessage[] = [];
  const client = new sns.SNSClient({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const model = new ServiceModel("sns", sns, client);
  addPublish(model, context, topics, (message, topic) => {
    published.push(message);
    // Logged when it can be looked up: whoever follows the log may want the text.
    context.kernel.log.write("sns", "message published", { topic: topic.name, id: message.messageId });
    for (const subscription of topic.subscriptions) notifications.start(message, subscription);
  });
  addTopicOperations(model, topics);
  addSubscriptionOperations(model, topics);
  model.provides("AWS::SNS::Topic", topicResource(topics));
  model.provides("AWS::SNS::TopicPolicy", topicPolicyResource(topics));
  model.provides("AWS::SNS::Subscription", subscriptionResource(topics));
  return { model, published: () => published, mailbox: () => notifications.mailbox };
}

/** What a caller needs for an action on a topic; the topic's policy has a say as well. */
function onTopic(topics: Topics, action: string, call: Call, arn = "*"): Permission[] {
  const context = sourceOwner(call.principal, arn);
  return [{ action: `sns:${action}`, resource: arn, context, resourcePolicy: topics.find(arn)?.policy }];
}

/**
 * The default topic policy lets in whoever acts for the topic's own account, `aws:SourceOwner`. CloudWatch alarms come
 * with it; EventBridge does not, its topics need a policy of their own (user guide, "Using resource-based policies").
 * Unverified: every other service is taken to be like EventBridge.
 */
function sourceOwner({ type, arn: caller }: Principal, topicArn: string): Record<string, string> {
  if (type === "service" && caller !== "cloudwatch.amazonaws.com") return {};
  return { "aws:SourceOwner": topicArn.split(":")[4] ?? "" };
}

function addPublish(
  model: ServiceModel,
  context: RegionContext,
  topics: Topics,
  deliver: (message: PublishedMessage, topic: Topic) => void,
): void {
  model
    .on(sns.PublishCommand, {
      accepts: ["TopicArn", "Message", "Subject", "MessageStructure", "MessageAttributes"],
      authorize: ({ TopicArn }, call) => onTopic(topics, "Publish", call, TopicArn),
      handle: (input) => {
        const topic = topics.get(input.TopicArn);
        const { kernel } = context;
        const message = publication(topic, input, kernel.random.uuid(), kernel.now);
        deliver(message, topic);
        return { MessageId: message.messageId };
      },
    })
    .on(sns.PublishBatchCommand, {
      accepts: ["TopicArn", "PublishBatchRequestEntries"],
      authorize: ({ TopicArn }, call) => onTopic(topics, "Publish", call, TopicArn),
      handle: () => {
        throw notModelled("PublishBatch");
      },
    });
}

function addTopicOperations(model: ServiceModel, topics: Topics): void {
  model
    .on(sns.CreateTopicCommand, {
      accepts: ["Name", "Attributes"],
      authorize: ({ Name = "" }) => [{ action: "sns:CreateTopic", resource: topics.arn(Name) }],
      handle: ({ Name = "", Attributes = {} }) => ({ TopicArn: topics.create(Name, Attributes).arn }),
    })
    .on(sns.ListTopicsCommand, {
      accepts: [],
      authorize: () => [{ action: "sns:ListTopics", resource: "*" }],
      handle: () => ({ Topics: topics.list().map(({ arn }) => ({ TopicArn: arn })) }),
    })
    .on(sns.GetTopicAttributesCommand, {
      accepts: ["TopicArn"],
      authorize: ({ TopicArn }, call) => onTopic(topics, "GetTopicAttributes", call, TopicArn),
      handle: ({ TopicArn }) => {
        const { arn, attributes, policy, subscriptions } = topics.get(TopicArn);
        const confirmed = subscriptions.filter((subscription) => subscription.confirmed).length;
        return {
          Attributes: {
            ...Object.fromEntries(attributes),
            DisplayName: attributes.get("DisplayName") ?? "",
            TopicArn: arn,
            Policy: JSON.stringify(policy),
            SubscriptionsConfirmed: String(confirmed),
            SubscriptionsPending: String(subscriptions.length - confirmed),
          },
        };
      },
    })
    .on(sns.SetTopicAttributesCommand, {
      accepts: ["TopicArn", "AttributeName", "AttributeValue"],
      authorize: ({ TopicArn }, call) => onTopic(topics, "SetTopicAttributes", call, TopicArn),
      handle: ({ TopicArn, AttributeName = "", AttributeValue = "" }) => {
        topics.setAttribute(topics.get(TopicArn), AttributeName, AttributeValue);
        return {};
      },
    });
}

function addSubscriptionOperations(model: ServiceModel, topics: Topics): void {
  const onSubscription = (action: string, call: Call, arn: string | undefined): Permission[] =>
    onTopic(
      topics,
      action,
      call,
      topics.findSubscription(arn)?.topic.arn ?? arn?.split(":").slice(0, 6).join(":"),
    );
  model
    .on(sns.SubscribeCommand, {
      accepts: ["TopicArn", "Protocol", "Endpoint", "Attributes", "ReturnSubscriptionArn"],
      authorize: ({ TopicArn }, call) => onTopic(topics, "Subscribe", call, TopicArn),
      handle: ({ TopicArn, Protocol = "", Endpoint = "", Attributes = {}, ReturnSubscriptionArn }) => {
        const subscription = topics.subscribe(topics.get(TopicArn), Protocol, Endpoint, Attributes);
        const shown = subscription.confirmed || ReturnSubscriptionArn;
        return { SubscriptionArn: shown ? subscription.arn : "pending confirmation" };
      },
    })
    .on(sns.UnsubscribeCommand, {
      accepts: ["SubscriptionArn"],
      authorize: ({ SubscriptionArn }, call) => onSubscription("Unsubscribe", call, SubscriptionArn),
      handle: ({ SubscriptionArn = "" }) => {
        topics.unsubscribe(SubscriptionArn);
        return {};
      },
    })
    .on(sns.SetSubscriptionAttributesCommand, {
      accepts: ["SubscriptionArn", "AttributeName", "AttributeValue"],
      authorize: ({ SubscriptionArn }, call) =>
        onSubscription("SetSubscriptionAttributes", call, SubscriptionArn),
      handle: ({ SubscriptionArn, AttributeName = "", AttributeValue = "" }) => {
        // AWS takes up to 15 minutes for a filter policy (facts F); the region applies it at once.
        setSubscriptionAttributes(topics.subscription(SubscriptionArn), { [AttributeName]: AttributeValue });
        return {};
      },
    })
    .on(sns.ListSubscriptionsCommand, {
      accepts: [],
      authorize: () => [{ action: "sns:ListSubscriptions", resource: "*" }],
      handle: () => ({
        Subscriptions: topics.list().flatMap(({ subscriptions }) => subscriptions.map(listed)),
      }),
    })
    .on(sns.ListSubscriptionsByTopicCommand, {
      accepts: ["TopicArn"],
      authorize: ({ TopicArn }, call) => onTopic(topics, "ListSubscriptionsByTopic", call, TopicArn),
      handle: ({ TopicArn }) => ({ Subscriptions: topics.get(TopicArn).subscriptions.map(listed) }),
    });
}

function listed({ arn, confirmed, topic, protocol, endpoint }: Subscription): sns.Subscription {
  return {
    SubscriptionArn: confirmed ? arn : "PendingConfirmation",
    Owner: topic.arn.split(":")[4],
    Protocol: protocol,
    Endpoint: endpoint,
    TopicArn: topic.arn,
  };
}
