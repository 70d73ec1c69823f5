import type { Random } from "../../kernel/random.ts";
import type { RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import { ConnectionLost } from "../../wire/connection-lost.ts";
import type { PublishedMessage } from "./publication.ts";
import type { Subscription } from "./topics.ts";

/** A mail as it reached somebody. */
export interface Delivery {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly topicArn: string;
  readonly messageId: string;
  readonly protocol: "email" | "email-json";
  readonly endpoint: string;
  readonly subject: string | undefined;
  readonly body: string;
}

/**
 * Unverified: SNS publishes no delivery times; for a queue or function tens of milliseconds, for a mail
 * seconds.
 */
const LATENCY_MS = { email: { from: 500, to: 5_000 }, service: { from: 15, to: 60 } } as const;

/** Brings a published message to the subscriptions that want it. */
export class Notifications {
  readonly mailbox: Delivery[] = [];
  readonly #context: RegionContext;
  readonly #random: Random;

  constructor(context: RegionContext) {
    this.#context = context;
    this.#random = context.kernel.random.fork("sns");
  }

  start(message: PublishedMessage, subscription: Subscription): void {
    const { kernel } = this.#context;
    const { protocol, endpoint } = subscription;
    if (!subscription.confirmed) {
      kernel.log.write("sns", "subscription not confirmed", { topic: subscription.topic.name, endpoint });
      return;
    }
    if (!subscription.accepts({ body: message.message, attributes: message.attributes })) return;
    const { from, to } =
      protocol === "email" || protocol === "email-json" ? LATENCY_MS.email : LATENCY_MS.service;
    this.#attemptAfter(this.#random.between(from, to), message, subscription, 0);
  }

  #attemptAfter(
    delayMs: number,
    message: PublishedMessage,
    subscription: Subscription,
    retries: number,
  ): void {
    const { kernel } = this.#context;
    kernel.schedule(delayMs, () =>
      kernel.launch(`notification ${message.messageId}`, () => this.#attempt(message, subscription, retries)),
    );
  }

  async #attempt(message: PublishedMessage, subscription: Subscription, retries: number): Promise<void> {
    const facts = { topic: subscription.topic.name, protocol: subscription.protocol, id: message.messageId };
    const { log } = this.#context.kernel;
    try {
      await this.#deliver(message, subscription);
      log.write("sns", "message delivered", facts);
    } catch (error) {
      if (!(error instanceof AwsError || error instanceof ConnectionLost)) throw error;
      const wait = isClientError(error) ? undefined : retryDelayMs(retries);
      log.write("sns", "delivery failed", { ...facts, code: error.code, retries });
      if (wait !== undefined) this.#attemptAfter(wait, message, subscription, retries + 1);
      else log.write("sns", "message dropped", facts);
    }
  }

  async #deliver(message: PublishedMessage, subscription: Subscription): Promise<void> {
    const { protocol, endpoint, topic } = subscription;
    const principal = { type: "service", arn: "sns.amazonaws.com", sourceArn: topic.arn } as const;
    if (protocol === "sqs") {
      await this.#context.call(principal, "sqs", "SendMessage", queueMessage(message, subscription));
    } else if (protocol === "lambda") {
      const payload = new TextEncoder().encode(JSON.stringify(lambdaEvent(message, subscription)));
      const input = { FunctionName: endpoint, InvocationType: "Event", Payload: payload };
      await this.#context.call(principal, "lambda", "Invoke", input);
    } else {
      const { messageId, subject, topicArn } = message;
      const body =
        protocol === "email" ? message.bodyFor("email") : JSON.stringify(envelope(message, "email-json"));
      this.mailbox.push({
        at: this.#context.kernel.now,
        topicArn,
        messageId,
        protocol,
        endpoint,
        subject,
        body,
      });
    }
  }
}

/**
 * A refusal by the endpoint is final; trouble on its side is retried (developer guide, "message delivery
 * retries").
 */
function isClientError(error: AwsError | ConnectionLost): boolean {
  if (error instanceof ConnectionLost) return false;
  const { code, status = 400 } = error;
  return status < 500 && status !== 429 && !/Thrott|TooManyRequests|ServiceException|Internal/.test(code);
}

/**
 * Developer guide, "Amazon SNS message delivery retries", for AWS managed endpoints: 3 at once, 2 after one
 * second each, 10 backing off from 1 to 20 seconds, 100,000 every 20 seconds. Unverified: the steps between 1
 * and 20.
 */
function retryDelayMs(retries: number): number | undefined {
  if (retries < 3) return 0;
  if (retries < 5) return 1_000;
  if (retries < 15) return Math.min(20_000, 1_000 * 1.4 ** (retries - 5));
  return retries < 100_015 ? 20_000 : undefined;
}

function queueMessage(message: PublishedMessage, { endpoint, attributes }: Subscription): object {
  const [, , , region, account, name] = endpoint.split(":");
  const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
  if (attributes.get("RawMessageDelivery") === "true") {
    return { QueueUrl, MessageBody: message.bodyFor("sqs"), MessageAttributes: message.attributes };
  }
  return { QueueUrl, MessageBody: JSON.stringify(envelope(message, "sqs")) };
}

/** The notification document. Nothing in the region signs, so it carries no signature members. */
function envelope(message: PublishedMessage, protocol: "sqs" | "email-json" | "lambda"): object {
  const attributes = Object.entries(message.attributes).map(
    ([name, { DataType, StringValue, BinaryValue }]) => {
      const Value = BinaryValue ? Buffer.from(BinaryValue).toString("base64") : StringValue;
      return [name, { Type: DataType, Value }];
    },
  );
  return {
    Type: "Notification",
    MessageId: message.messageId,
    TopicArn: message.topicArn,
    ...(message.subject === undefined ? {} : { Subject: message.subject }),
    Message: message.bodyFor(protocol),
    Timestamp: new Date(message.at).toISOString(),
    ...(attributes.length === 0 ? {} : { MessageAttributes: Object.fromEntries(attributes) }),
  };
}

/** `SNSEvent` of @types/aws-lambda: one record, and a null subject where the queue's envelope has none. */
function lambdaEvent(message: PublishedMessage, subscription: Subscription): object {
  const Sns = { Subject: null, MessageAttributes: {}, ...envelope(message, "lambda") };
  return {
    Records: [{ EventSource: "aws:sns", EventVersion: "1.0", EventSubscriptionArn: subscription.arn, Sns }],
  };
}
