import { describe, expect, it } from "vitest";
import { AwsError } from "../../../lib/region/service-model.ts";
import { snsService } from "../../../lib/region/services/sns/sns-service.ts";
import { sqsService } from "../../../lib/region/services/sqs/sqs-service.ts";
import { createResource, invoke, makeRegion, permissionsOf, START } from "./make-region.ts";

const TOPIC = "arn:aws:sns:eu-central-1:111122223333:ops";
const QUEUE = "arn:aws:sqs:eu-central-1:111122223333:inbox";

describe("a topic", () => {
  it("mails its e-mail subscribers the text that is meant for them", async () => {
    const { region, service, model } = await makeTopic();
    await invoke(model, "Subscribe", { TopicArn: TOPIC, Protocol: "email", Endpoint: "ops@example.com" });

    await invoke(model, "Publish", {
      TopicArn: TOPIC,
      Subject: "Rolled back",
      MessageStructure: "json",
      Message: JSON.stringify({ default: "for all", email: "for people" }),
    });
    await region.kernel.runUntil(START + 10_000);

    expect(service.mailbox()).toMatchObject([
      { endpoint: "ops@example.com", subject: "Rolled back", body: "for people", protocol: "email" },
    ]);
    expect(service.published()).toMatchObject([{ subject: "Rolled back", at: START }]);
  });

  it("shows its subscriptions among those of all topics", async () => {
    const { model } = await makeTopic();
    await invoke(model, "Subscribe", { TopicArn: TOPIC, Protocol: "email", Endpoint: "ops@example.com" });

    expect(await invoke(model, "ListSubscriptions", {})).toMatchObject({
      Subscriptions: [{ TopicArn: TOPIC, Protocol: "email", Endpoint: "ops@example.com" }],
    });
  });

  it("mails nothing to an address that was never confirmed", async () => {
    const { region, service, model } = await makeTopic({ recipientsConfirm: false });

    const subscribed = await invoke(model, "Subscribe", {
      TopicArn: TOPIC,
      Protocol: "email",
      Endpoint: "a@b.c",
    });
    await invoke(model, "Publish", { TopicArn: TOPIC, Message: "hello" });
    await region.kernel.runUntil(START + 60_000);

    expect(subscribed).toEqual({ SubscriptionArn: "pending confirmation" });
    expect(service.mailbox()).toEqual([]);
  });

  it("sends a queue the notification document, as the topic", async () => {
    const { region, model, inbox } = await makeTopic();
    await createResource(model, "AWS::SNS::Subscription", {
      TopicArn: TOPIC,
      Protocol: "sqs",
      Endpoint: QUEUE,
    });

    await invoke(model, "Publish", { TopicArn: TOPIC, Message: "hello", Subject: "s" });
    await region.kernel.runUntil(START + 1_000);

    expect(region.callsTo("sqs:SendMessage")[0]?.principal).toEqual({
      type: "service",
      arn: "sns.amazonaws.com",
      sourceArn: TOPIC,
    });
    expect(JSON.parse(inbox()[0]?.body ?? "")).toMatchObject({
      Type: "Notification",
      TopicArn: TOPIC,
      Subject: "s",
      Message: "hello",
      Timestamp: "2026-11-21T10:00:00.000Z",
    });
  });

  it("sends a queue with raw delivery the message alone", async () => {
    const { region, model, inbox } = await makeTopic();
    const subscription = { TopicArn: TOPIC, Protocol: "sqs", Endpoint: QUEUE, RawMessageDelivery: true };
    await createResource(model, "AWS::SNS::Subscription", subscription);

    await invoke(model, "Publish", { TopicArn: TOPIC, Message: "hello" });
    await region.kernel.runUntil(START + 1_000);

    expect(inbox().map(({ body }) => body)).toEqual(["hello"]);
  });

  it("invokes a function with one SNS record", async () => {
    const { region, model } = await makeTopic();
    const Endpoint = "arn:aws:lambda:eu-central-1:111122223333:function:f";
    await invoke(model, "Subscribe", { TopicArn: TOPIC, Protocol: "lambda", Endpoint });

    await invoke(model, "Publish", { TopicArn: TOPIC, Message: "hello" });
    await region.kernel.runUntil(START + 1_000);

    const { FunctionName, Payload } = region.callsTo("lambda:Invoke")[0]?.input ?? {};
    expect(FunctionName).toBe(Endpoint);
    expect(
      JSON.parse(new TextDecoder().decode(Payload instanceof Uint8Array ? Payload : undefined)),
    ).toMatchObject({
      Records: [{ EventSource: "aws:sns", Sns: { Message: "hello", Subject: null, TopicArn: TOPIC } }],
    });
  });

  it("retries trouble at the endpoint and drops what the endpoint refuses", async () => {
    const { region, model, inbox } = await makeTopic();
    await invoke(model, "Subscribe", { TopicArn: TOPIC, Protocol: "sqs", Endpoint: QUEUE });
    const answers = [
      new AwsError("InternalError", "oops", 500),
      undefined,
      new AwsError("AccessDenied", "no", 403),
    ];
    region.refuse("sqs:SendMessage", () => answers.shift());

    await invoke(model, "Publish", { TopicArn: TOPIC, Message: "first" });
    await region.kernel.runUntil(START + 1_000);
    await invoke(model, "Publish", { TopicArn: TOPIC, Message: "second" });
    await region.kernel.runUntil(START + 60_000);

    expect(inbox().map(({ body }) => JSON.parse(body).Message)).toEqual(["first"]);
    expect(region.callsTo("sqs:SendMessage")).toHaveLength(3);
  });

  it.each<[policy: object, wanted: boolean, scope?: string]>([
    [{ severity: ["critical"] }, true],
    [{ severity: ["info"] }, false],
    [{ severity: [{ "anything-but": ["info"] }], env: [{ prefix: "pr" }] }, true],
    [{ attempts: [{ numeric: [">=", 3] }] }, true],
    [{ tags: ["db"] }, true],
    [{ phase: [{ exists: false }] }, true],
    [{ phase: [{ "anything-but": "x" }] }, false],
    [{ status: { code: [7] } }, true, "MessageBody"],
    [{ status: { code: [8] } }, false, "MessageBody"],
  ])("by the filter policy %j delivers: %s", async (policy, wanted, scope = "MessageAttributes") => {
    const { region, model, inbox } = await makeTopic();
    await createResource(model, "AWS::SNS::Subscription", {
      TopicArn: TOPIC,
      Protocol: "sqs",
      Endpoint: QUEUE,
      FilterPolicy: policy,
      FilterPolicyScope: scope,
    });

    await invoke(model, "Publish", {
      TopicArn: TOPIC,
      Message: '{"status":{"code":7}}',
      MessageAttributes: {
        severity: { DataType: "String", StringValue: "critical" },
        env: { DataType: "String", StringValue: "prod" },
        attempts: { DataType: "Number", StringValue: "3" },
        tags: { DataType: "String.Array", StringValue: '["web","db"]' },
      },
    });
    await region.kernel.runUntil(START + 1_000);

    expect(inbox()).toHaveLength(wanted ? 1 : 0);
  });

  it("shows its policy to authorisation, the default one until it has its own", async () => {
    const { model } = await makeTopic();
    const policy = () => permissionsOf(model, "Publish", { TopicArn: TOPIC })[0]?.resourcePolicy;
    const PolicyDocument = {
      Statement: [{ Effect: "Deny", Principal: "*", Action: "sns:Publish", Resource: TOPIC }],
    };

    const before = policy();
    await createResource(model, "AWS::SNS::TopicPolicy", { Topics: [TOPIC], PolicyDocument });

    expect(before).toMatchObject({ Statement: { Sid: "__default_statement_ID" } });
    expect(policy()).toEqual(PolicyDocument);
  });

  it.each<[why: string, operation: string, input: object, code: string]>([
    ["the subject has a line break", "Publish", { Subject: "a\nb" }, "InvalidParameterException"],
    ["the subject has 100 characters", "Publish", { Subject: "x".repeat(100) }, "InvalidParameterException"],
    ["the message is over 256 KiB", "Publish", { Message: "x".repeat(262_145) }, "InvalidParameterException"],
    [
      "the structure has no default",
      "Publish",
      { MessageStructure: "json", Message: "{}" },
      "InvalidParameterException",
    ],
    ["there is no such topic", "Publish", { TopicArn: `${TOPIC}2` }, "NotFoundException"],
    ["it is a batch", "PublishBatch", {}, "NotImplemented"],
    ["the protocol is https", "Subscribe", { Protocol: "https", Endpoint: "https://x" }, "NotImplemented"],
    [
      "the filter policy is malformed",
      "Subscribe",
      { Protocol: "sqs", Endpoint: QUEUE, Attributes: { FilterPolicy: '{"a":"b"}' } },
      "InvalidParameterException",
    ],
    [
      "a redrive policy is given",
      "Subscribe",
      { Protocol: "sqs", Endpoint: QUEUE, Attributes: { RedrivePolicy: "{}" } },
      "NotImplemented",
    ],
  ])("refuses when %s", async (_why, operation, input, code) => {
    const { model, service } = await makeTopic();

    await expect(invoke(model, operation, { TopicArn: TOPIC, Message: "m", ...input })).rejects.toMatchObject(
      { code },
    );
    expect(service.published()).toEqual([]);
  });
});

/** A region with the topic `ops` and the queue `inbox`. */
async function makeTopic(options: Parameters<typeof snsService>[1] = {}) {
  const region = makeRegion();
  const service = snsService(region.context, options);
  const queues = sqsService(region.context);
  region.add(queues.model);
  await createResource(queues.model, "AWS::SQS::Queue", { QueueName: "inbox" });
  const topic = await createResource(service.model, "AWS::SNS::Topic", { TopicName: "ops" });
  expect(topic).toEqual({ ref: TOPIC, attributes: { TopicArn: TOPIC, TopicName: "ops" } });
  return { region, service, model: service.model, inbox: () => queues.messages("inbox") };
}
