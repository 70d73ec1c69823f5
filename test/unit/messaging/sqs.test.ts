import { createHash } from "node:crypto";
import type { Message } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { sqsService } from "../../../lib/region/services/sqs/sqs-service.ts";
import { createResource, invoke, makeRegion, permissionsOf, START } from "./make-region.ts";

const URL = "https://sqs.eu-central-1.amazonaws.com/111122223333/jobs";

describe("a queue", () => {
  it("gives what was sent, with digests that the SDK accepts", async () => {
    const { model } = await makeQueue();
    const MessageAttributes = { KIND: { DataType: "String", StringValue: "x" } };

    const sent = await invoke(model, "SendMessage", { QueueUrl: URL, MessageBody: "häl", MessageAttributes });
    const [message] = await receive(model, {
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["All"],
    });

    const body = createHash("md5").update("häl").digest("hex");
    expect(sent).toMatchObject({ MD5OfMessageBody: body, MessageId: message?.MessageId });
    expect(message).toMatchObject({ Body: "häl", MD5OfBody: body, MessageAttributes });
    expect(message?.MD5OfMessageAttributes).toBe(sent["MD5OfMessageAttributes"]);
    expect(message?.Attributes).toMatchObject({ SentTimestamp: String(START), ApproximateReceiveCount: "1" });
  });

  it("computes the digest of attributes as the developer guide lays it out", async () => {
    const { model } = await makeQueue();
    const part = (text: string) => Buffer.concat([Buffer.of(0, 0, 0, text.length), Buffer.from(text)]);
    const encoded = (name: string, value: string) => [part(name), part("String"), Buffer.of(1), part(value)];
    const expected = createHash("md5").update(Buffer.concat([...encoded("a", "1"), ...encoded("b", "2")]));

    const sent = await invoke(model, "SendMessage", {
      QueueUrl: URL,
      MessageBody: "x",
      MessageAttributes: {
        b: { DataType: "String", StringValue: "2" },
        a: { DataType: "String", StringValue: "1" },
      },
    });

    expect(sent["MD5OfMessageAttributes"]).toBe(expected.digest("hex"));
  });

  it("hides a received message until its visibility timeout, unless it is deleted", async () => {
    const { region, model } = await makeQueue({ VisibilityTimeout: 30 });
    await invoke(model, "SendMessage", { QueueUrl: URL, MessageBody: "job" });

    const [first] = await receive(model);
    await region.kernel.runUntil(START + 29_999);
    const hidden = await receive(model);
    await region.kernel.runUntil(START + 30_000);
    const [again] = await receive(model);
    await invoke(model, "DeleteMessage", { QueueUrl: URL, ReceiptHandle: again?.ReceiptHandle });
    await region.kernel.runUntil(START + 90_000);

    expect(hidden).toEqual([]);
    expect(again?.MessageId).toBe(first?.MessageId);
    expect(again?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
    expect(await receive(model)).toEqual([]);
  });

  it("makes a message visible early when its visibility is changed to nothing", async () => {
    const { model } = await makeQueue();
    await invoke(model, "SendMessage", { QueueUrl: URL, MessageBody: "job" });

    const [message] = await receive(model);
    const ReceiptHandle = message?.ReceiptHandle;
    await invoke(model, "ChangeMessageVisibility", { QueueUrl: URL, ReceiptHandle, VisibilityTimeout: 0 });

    expect(await receive(model)).toHaveLength(1);
  });

  it("moves a message to the dead-letter queue when it was received too often", async () => {
    const { region, model } = await makeQueue({
      VisibilityTimeout: 1,
      RedrivePolicy: {
        deadLetterTargetArn: "arn:aws:sqs:eu-central-1:111122223333:dead",
        maxReceiveCount: 2,
      },
    });
    const dead = await createResource(model, "AWS::SQS::Queue", { QueueName: "dead" });
    await invoke(model, "SendMessage", { QueueUrl: URL, MessageBody: "poison" });

    const seen: number[] = [];
    for (const second of [0, 2, 4]) {
      await region.kernel.runUntil(START + second * 1_000);
      seen.push((await receive(model)).length);
    }

    expect(seen).toEqual([1, 1, 0]);
    expect(await receive(model, { QueueUrl: dead.ref, MessageSystemAttributeNames: ["All"] })).toMatchObject([
      {
        Body: "poison",
        Attributes: { DeadLetterQueueSourceArn: "arn:aws:sqs:eu-central-1:111122223333:jobs" },
      },
    ]);
  });

  it("answers a long poll at the moment a message arrives", async () => {
    const { region, model } = await makeQueue();
    region.kernel.schedule(7_000, () => {
      region.kernel.launch("sender", async () => {
        await invoke(model, "SendMessage", { QueueUrl: URL, MessageBody: "late" });
      });
    });

    const messages = await region.kernel.complete(receive(model, { WaitTimeSeconds: 20 }));

    expect([messages.length, region.kernel.now]).toEqual([1, START + 7_000]);
  });

  it("ends a long poll empty-handed after its wait", async () => {
    const { region, model } = await makeQueue();

    const messages = await region.kernel.complete(receive(model, { WaitTimeSeconds: 20 }));

    expect([messages, region.kernel.now]).toEqual([[], START + 20_000]);
  });

  it("forgets a message after its retention period", async () => {
    const { region, model } = await makeQueue({ MessageRetentionPeriod: 60 });
    await invoke(model, "SendMessage", { QueueUrl: URL, MessageBody: "old" });

    await region.kernel.runUntil(START + 60_000);

    expect(await receive(model)).toEqual([]);
  });

  it("counts visible, hidden and delayed messages", async () => {
    const { model } = await makeQueue();
    const Entries = [
      { Id: "a", MessageBody: "1" },
      { Id: "b", MessageBody: "2" },
    ];
    await invoke(model, "SendMessageBatch", { QueueUrl: URL, Entries });
    await invoke(model, "SendMessage", { QueueUrl: URL, MessageBody: "3", DelaySeconds: 10 });
    await receive(model);

    expect(
      await invoke(model, "GetQueueAttributes", { QueueUrl: URL, AttributeNames: ["All"] }),
    ).toMatchObject({
      Attributes: {
        QueueArn: "arn:aws:sqs:eu-central-1:111122223333:jobs",
        ApproximateNumberOfMessages: "1",
        ApproximateNumberOfMessagesNotVisible: "1",
        ApproximateNumberOfMessagesDelayed: "1",
      },
    });
  });

  it("reports its depth each minute, and falls silent six hours after the last call", async () => {
    const { region, model } = await makeQueue({ MessageRetentionPeriod: 3_600 });
    await invoke(model, "SendMessage", { QueueUrl: URL, MessageBody: "x" });

    await region.kernel.runUntil(START + 10 * 3_600_000);

    const depths = region.metrics.map(({ value }) => value);
    expect(depths.slice(58, 61)).toEqual([1, 0, 0]);
    expect(depths).toHaveLength(360);
    expect(region.metrics[0]).toMatchObject({
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: "jobs" },
    });
  });

  it("is the same queue on whatever host its URL was reached", async () => {
    const { model } = await makeQueue();

    await invoke(model, "SendMessage", {
      QueueUrl: "http://127.0.0.1:4510/111122223333/jobs",
      MessageBody: "x",
    });

    expect(await receive(model)).toHaveLength(1);
  });

  it("shows its policy to authorisation", async () => {
    const { model } = await makeQueue();
    const PolicyDocument = { Statement: [{ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage" }] };

    await createResource(model, "AWS::SQS::QueuePolicy", { Queues: [URL], PolicyDocument });

    expect(permissionsOf(model, "SendMessage", { QueueUrl: URL })).toEqual([
      {
        action: "sqs:SendMessage",
        resource: "arn:aws:sqs:eu-central-1:111122223333:jobs",
        resourcePolicy: PolicyDocument,
      },
    ]);
  });

  it.each<[operation: string, input: object, code: string]>([
    ["SendMessage", { QueueUrl: "https://x/1/nobody", MessageBody: "x" }, "QueueDoesNotExist"],
    ["SendMessage", { QueueUrl: URL, MessageBody: "" }, "MissingParameter"],
    ["DeleteMessage", { QueueUrl: URL, ReceiptHandle: "nonsense" }, "ReceiptHandleIsInvalid"],
    ["ReceiveMessage", { QueueUrl: URL, MaxNumberOfMessages: 11 }, "InvalidParameterValue"],
    ["CreateQueue", { QueueName: "jobs", Attributes: { VisibilityTimeout: "77" } }, "QueueNameExists"],
    ["CreateQueue", { QueueName: "f", Attributes: { FifoQueue: "true" } }, "NotImplemented"],
    ["SetQueueAttributes", { QueueUrl: URL, Attributes: { DelaySeconds: "901" } }, "InvalidAttributeValue"],
  ])("refuses %s of %j", async (operation, input, code) => {
    const { model } = await makeQueue();

    await expect(invoke(model, operation, input)).rejects.toMatchObject({ code });
  });
});

async function makeQueue(properties: object = {}) {
  const region = makeRegion();
  const { model } = sqsService(region.context);
  const queue = await createResource(model, "AWS::SQS::Queue", { QueueName: "jobs", ...properties });
  expect(queue.ref).toBe(URL);
  return { region, model };
}

async function receive(model: Parameters<typeof invoke>[0], input: object = {}): Promise<Message[]> {
  const output: { Messages?: Message[] } = await invoke(model, "ReceiveMessage", { QueueUrl: URL, ...input });
  return output.Messages ?? [];
}
