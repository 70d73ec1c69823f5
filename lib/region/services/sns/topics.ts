import { arnOf, type RegionContext } from "../../region-context.ts";
import { AwsError, type PolicyDocument } from "../../service-model.ts";
import { compileFilterPolicy, type MessageFilter } from "./filter-policy.ts";

export const PROTOCOLS = ["email", "email-json", "sqs", "lambda"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export interface Topic {
  readonly name: string;
  readonly arn: string;
  /** As set: DisplayName, KmsMasterKeyId, MaximumMessageSize … */
  readonly attributes: Map<string, string>;
  policy: PolicyDocument;
  readonly subscriptions: Subscription[];
}

export interface Subscription {
  readonly arn: string;
  readonly topic: Topic;
  readonly protocol: Protocol;
  readonly endpoint: string;
  /** As set: FilterPolicy, FilterPolicyScope, RawMessageDelivery. */
  readonly attributes: Map<string, string>;
  accepts: MessageFilter;
  confirmed: boolean;
}

/** Attributes with an effect, or harmless without one; `Policy` is kept apart. */
export const TOPIC_ATTRIBUTES = [
  "DisplayName",
  "KmsMasterKeyId",
  "SignatureVersion",
  "TracingConfig",
  "MaximumMessageSize",
];

/** The account's topics and their subscriptions. */
export class Topics {
  readonly #byArn = new Map<string, Topic>();
  readonly #context: RegionContext;
  readonly #recipientsConfirm: boolean;

  constructor(context: RegionContext, recipientsConfirm: boolean) {
    this.#context = context;
    this.#recipientsConfirm = recipientsConfirm;
  }

  /** Creates a topic, or gives the one of that name (API reference, CreateTopic: idempotent). */
  create(name: string, attributes: Readonly<Record<string, string>>): Topic {
    if (name.endsWith(".fifo")) throw notModelled("FIFO topics");
    if (!/^[A-Za-z0-9_-]{1,256}$/.test(name)) throw invalid("Topic Name");
    const existing = this.#byArn.get(this.arn(name));
    const topic = existing ?? this.#newTopic(name);
    for (const [key, value] of Object.entries(attributes)) this.setAttribute(topic, key, value);
    this.#byArn.set(topic.arn, topic);
    return topic;
  }

  setAttribute(topic: Topic, name: string, value: string): void {
    if (name === "Policy") {
      topic.policy = parsePolicy(value);
    } else if (TOPIC_ATTRIBUTES.includes(name)) {
      const bytes = Number(value);
      const sizeIsValid = Number.isInteger(bytes) && bytes >= 1_024 && bytes <= 1_048_576;
      if (name === "MaximumMessageSize" && !sizeIsValid) throw invalid("MaximumMessageSize");
      topic.attributes.set(name, value);
    } else {
      throw notModelled(`the topic attribute ${name}`);
    }
  }

  subscribe(
    topic: Topic,
    protocol: string,
    endpoint: string,
    attributes: Readonly<Record<string, string>>,
  ): Subscription {
    const known = PROTOCOLS.find((candidate) => candidate === protocol);
    if (!known) throw notModelled(`the protocol ${protocol}`);
    checkEndpoint(known, endpoint);
    const existing = topic.subscriptions.find(
      (one) => one.protocol === protocol && one.endpoint === endpoint,
    );
    if (existing) return existing;
    const subscription: Subscription = {
      arn: `${topic.arn}:${this.#context.kernel.random.uuid()}`,
      topic,
      protocol: known,
      endpoint,
      attributes: new Map(),
      accepts: () => true,
      confirmed: !known.startsWith("email") || this.#recipientsConfirm,
    };
    setSubscriptionAttributes(subscription, attributes);
    topic.subscriptions.push(subscription);
    return subscription;
  }

  unsubscribe(subscriptionArn: string): void {
    const { topic } = this.subscription(subscriptionArn);
    topic.subscriptions.splice(
      topic.subscriptions.findIndex(({ arn }) => arn === subscriptionArn),
      1,
    );
  }

  find(arn: string | undefined): Topic | undefined {
    return this.#byArn.get(arn ?? "");
  }

  get(arn: string | undefined): Topic {
    const topic = this.find(arn);
    if (topic) return topic;
    throw new AwsError("NotFoundException", "Topic does not exist");
  }

  findSubscription(arn: string | undefined): Subscription | undefined {
    return this.list()
      .flatMap(({ subscriptions }) => subscriptions)
      .find((subscription) => subscription.arn === arn);
  }

  subscription(arn: string | undefined): Subscription {
    const subscription = this.findSubscription(arn);
    if (subscription) return subscription;
    throw new AwsError("NotFoundException", "Subscription does not exist");
  }

  list(): Topic[] {
    return [...this.#byArn.values()];
  }

  arn(name: string): string {
    return arnOf(this.#context, "sns", name);
  }

  #newTopic(name: string): Topic {
    const arn = this.arn(name);
    const policy = defaultPolicy(arn, this.#context.account);
    return { name, arn, attributes: new Map(), policy, subscriptions: [] };
  }
}

/** The attributes of a subscription that the region honours; they may come in any order. */
export function setSubscriptionAttributes(
  subscription: Subscription,
  changes: Readonly<Record<string, string>>,
): void {
  for (const [name, value] of Object.entries(changes)) {
    if (!["FilterPolicy", "FilterPolicyScope", "RawMessageDelivery"].includes(name)) {
      throw notModelled(`the subscription attribute ${name}`);
    }
    if (name === "RawMessageDelivery" && subscription.protocol !== "sqs" && value === "true") {
      throw invalid(
        `Attributes Reason: Delivery protocol [${subscription.protocol}] has no raw message delivery.`,
      );
    }
  }
  const next = new Map([...subscription.attributes, ...Object.entries(changes)]);
  const scope = next.get("FilterPolicyScope") ?? "MessageAttributes";
  if (scope !== "MessageAttributes" && scope !== "MessageBody") throw invalid("FilterPolicyScope");
  subscription.accepts = compileFilterPolicy(next.get("FilterPolicy") ?? "{}", scope);
  for (const [name, value] of next) subscription.attributes.set(name, value);
}

/**
 * What a topic has until it is given a policy: its own account may use it. Unverified: the exact list of
 * actions.
 */
function defaultPolicy(arn: string, account: string): PolicyDocument {
  return {
    Version: "2008-10-17",
    Statement: {
      Sid: "__default_statement_ID",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: ["SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:Subscribe", "SNS:Publish"],
      Resource: arn,
      Condition: { StringEquals: { "AWS:SourceOwner": account } },
    },
  };
}

function checkEndpoint(protocol: Protocol, endpoint: string): void {
  const form = {
    email: /^[^@\s]+@[^@\s]+$/,
    "email-json": /^[^@\s]+@[^@\s]+$/,
    sqs: /^arn:aws:sqs:/,
    lambda: /^arn:aws:lambda:/,
  };
  if (!form[protocol].test(endpoint)) throw invalid(`${protocol} endpoint`);
}

function parsePolicy(text: string): PolicyDocument {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && isPolicy(value)) return value;
  } catch {
    // Falls through to the one refusal.
  }
  throw invalid("Policy Error: null");
}

function isPolicy(value: object): value is PolicyDocument {
  return "Statement" in value;
}

/** The refusal of a parameter, in SNS's words. */
export function invalid(what: string): AwsError {
  return new AwsError("InvalidParameterException", `Invalid parameter: ${what}`);
}

export function notModelled(what: string): AwsError {
  return new AwsError("NotImplemented", `The simulated region does not model ${what}`, 501);
}
