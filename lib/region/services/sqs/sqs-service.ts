import * as sqs from "@aws-sdk/client-sqs";
import type { RegionContext } from "../../region-context.ts";
import { AwsError, type Call, type Permission, ServiceModel } from "../../service-model.ts";
import { md5OfAttributes, md5OfBody } from "./message-digests.ts";
import type { Queue } from "./queue.ts";
import { queuePolicyResource, queueResource } from "./queue-resources.ts";
import { queueSettings, shownSettings } from "./queue-settings.ts";
import { Queues } from "./queues.ts";
import { receivedMessage } from "./received-message.ts";
import { checkBatch, checkSendable, type Sendable } from "./send-checks.ts";

export interface Sqs {
  readonly model: ServiceModel;
  /** What lies in a queue, in flight or not, without receiving it; the queue's name or URL. */
  messages(queue: string): readonly { readonly id: string; readonly body: string }[];
}

/** Amazon SQS: standard queues. */
export function sqsService(context: RegionContext): Sqs {
  const queues = new Queues(context);
  const client = new sqs.SQSClient({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const model = new ServiceModel("sqs", sqs, client);
  addQueueOperations(model, queues, context);
  addSendOperations(model, queues, context);
  addReceiveOperations(model, queues);
  model.provides("AWS::SQS::Queue", queueResource(queues));
  model.provides("AWS::SQS::QueuePolicy", queuePolicyResource(queues));
  return { model, messages: (queue) => queues.get(queue).messages };
}

/** What a caller needs for an action on a queue; the queue's policy has a say as well. */
function onQueue(queues: Queues, action: string, url: string | undefined): Permission[] {
  const resourcePolicy = queues.find(url)?.settings.policy;
  return [{ action: `sqs:${action}`, resource: queues.arn(url), resourcePolicy }];
}

function addQueueOperations(model: ServiceModel, queues: Queues, context: RegionContext): void {
  model
    .on(sqs.CreateQueueCommand, {
      accepts: ["QueueName", "Attributes"],
      authorize: ({ QueueName }) => onQueue(queues, "CreateQueue", QueueName),
      handle: ({ QueueName = "", Attributes = {} }) => ({
        QueueUrl: queues.create(QueueName, Attributes).url,
      }),
    })
    .on(sqs.GetQueueUrlCommand, {
      accepts: ["QueueName"],
      authorize: ({ QueueName }) => onQueue(queues, "GetQueueUrl", QueueName),
      handle: ({ QueueName }) => ({ QueueUrl: queues.get(QueueName).url }),
    })
    .on(sqs.ListQueuesCommand, {
      accepts: ["QueueNamePrefix"],
      authorize: () => [{ action: "sqs:ListQueues", resource: "*" }],
      handle: ({ QueueNamePrefix = "" }) => ({
        QueueUrls: queues.list(QueueNamePrefix).map(({ url }) => url),
      }),
    })
    .on(sqs.GetQueueAttributesCommand, {
      accepts: ["QueueUrl", "AttributeNames"],
      authorize: ({ QueueUrl }) => onQueue(queues, "GetQueueAttributes", QueueUrl),
      handle: ({ QueueUrl, AttributeNames = [] }) => ({
        Attributes: askedAttributes(queues.get(QueueUrl), AttributeNames),
      }),
    })
    .on(sqs.SetQueueAttributesCommand, {
      accepts: ["QueueUrl", "Attributes"],
      authorize: ({ QueueUrl }) => onQueue(queues, "SetQueueAttributes", QueueUrl),
      handle: ({ QueueUrl, Attributes = {} }) => {
        const queue = queues.get(QueueUrl);
        queue.settings = queueSettings({ ...queue.settings.given, ...Attributes });
        queue.modifiedAt = context.kernel.now;
        return {};
      },
    })
    .on(sqs.PurgeQueueCommand, {
      accepts: ["QueueUrl"],
      authorize: ({ QueueUrl }) => onQueue(queues, "PurgeQueue", QueueUrl),
      handle: ({ QueueUrl }) => {
        const queue = queues.get(QueueUrl);
        if (queue.purgedAt !== undefined && context.kernel.now - queue.purgedAt < PURGE_INTERVAL_MS) {
          const text = `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`;
          throw new AwsError("PurgeQueueInProgress", text);
        }
        queue.purge();
        return {};
      },
    });
}

/** API reference, PurgeQueue: one purge per queue in 60 seconds. */
const PURGE_INTERVAL_MS = 60_000;

function addSendOperations(model: ServiceModel, queues: Queues, context: RegionContext): void {
  const send = (queue: Queue, message: Sendable, call: Call) => {
    checkSendable(queue, message);
    const { MessageBody = "", MessageAttributes = {}, DelaySeconds } = message;
    const sent = queue.send(MessageBody, MessageAttributes, call.principal.arn, DelaySeconds);
    context.kernel.log.write("sqs", "message sent", { queue: queue.name, id: sent.id });
    const attributesDigest = md5OfAttributes(MessageAttributes);
    return {
      MessageId: sent.id,
      MD5OfMessageBody: md5OfBody(MessageBody),
      ...(attributesDigest === undefined ? {} : { MD5OfMessageAttributes: attributesDigest }),
    };
  };
  model
    .on(sqs.SendMessageCommand, {
      accepts: ["QueueUrl", "MessageBody", "MessageAttributes", "DelaySeconds"],
      authorize: ({ QueueUrl }) => onQueue(queues, "SendMessage", QueueUrl),
      handle: (input, call) => send(queues.get(input.QueueUrl), input, call),
    })
    .on(sqs.SendMessageBatchCommand, {
      accepts: [
        "QueueUrl",
        "Entries.Id",
        "Entries.MessageBody",
        "Entries.MessageAttributes",
        "Entries.DelaySeconds",
      ],
      authorize: ({ QueueUrl }) => onQueue(queues, "SendMessage", QueueUrl),
      handle: ({ QueueUrl, Entries = [] }, call) => {
        const queue = queues.get(QueueUrl);
        checkBatch(Entries);
        const Successful: sqs.SendMessageBatchResultEntry[] = [];
        const Failed: sqs.BatchResultErrorEntry[] = [];
        for (const entry of Entries) {
          try {
            Successful.push({ Id: entry.Id, ...send(queue, entry, call) });
          } catch (error) {
            if (!(error instanceof AwsError)) throw error;
            Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
          }
        }
        return { Successful, Failed };
      },
    });
}

function addReceiveOperations(model: ServiceModel, queues: Queues): void {
  model
    .on(sqs.ReceiveMessageCommand, {
      accepts: [
        "QueueUrl",
        "AttributeNames",
        "MessageSystemAttributeNames",
        "MessageAttributeNames",
        "MaxNumberOfMessages",
        "VisibilityTimeout",
        "WaitTimeSeconds",
      ],
      authorize: ({ QueueUrl }) => onQueue(queues, "ReceiveMessage", QueueUrl),
      handle: async (input) => {
        const queue = queues.get(input.QueueUrl);
        const { MaxNumberOfMessages: limit = 1 } = input;
        const {
          VisibilityTimeout = queue.settings.visibilitySeconds,
          WaitTimeSeconds = queue.settings.waitSeconds,
        } = input;
        checkRange("MaxNumberOfMessages", limit, 1, 10);
        checkRange("VisibilityTimeout", VisibilityTimeout, 0, 43_200);
        checkRange("WaitTimeSeconds", WaitTimeSeconds, 0, 20);
        const received = await queue.receive(limit, VisibilityTimeout, WaitTimeSeconds);
        return received.length === 0
          ? {}
          : { Messages: received.map((message) => receivedMessage(message, input)) };
      },
    })
    .on(sqs.DeleteMessageCommand, {
      accepts: ["QueueUrl", "ReceiptHandle"],
      authorize: ({ QueueUrl }) => onQueue(queues, "DeleteMessage", QueueUrl),
      handle: ({ QueueUrl, ReceiptHandle = "" }) => {
        queues.get(QueueUrl).delete(ReceiptHandle);
        return {};
      },
    })
    .on(sqs.ChangeMessageVisibilityCommand, {
      accepts: ["QueueUrl", "ReceiptHandle", "VisibilityTimeout"],
      authorize: ({ QueueUrl }) => onQueue(queues, "ChangeMessageVisibility", QueueUrl),
      handle: ({ QueueUrl, ReceiptHandle = "", VisibilityTimeout = 0 }) => {
        checkRange("VisibilityTimeout", VisibilityTimeout, 0, 43_200);
        queues.get(QueueUrl).changeVisibility(ReceiptHandle, VisibilityTimeout);
        return {};
      },
    });
}

function checkRange(name: string, value: number, lowest: number, highest: number): void {
  if (Number.isInteger(value) && value >= lowest && value <= highest) return;
  const reason = `Must be between ${lowest} and ${highest}.`;
  throw new AwsError(
    "InvalidParameterValue",
    `Value ${value} for parameter ${name} is invalid. Reason: ${reason}`,
  );
}

function askedAttributes(queue: Queue, names: readonly string[]): Record<string, string> {
  const { visible, inFlight, delayed } = queue.counts();
  const all: Record<string, string> = {
    ...shownSettings(queue.settings),
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1_000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1_000)),
  };
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => names.includes("All") || names.includes(name)),
  );
}
