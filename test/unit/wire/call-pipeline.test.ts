import * as sns from "@aws-sdk/client-sns";
import { describe, expect, it } from "vitest";
import type { Principal } from "../../../lib/region/service-model.ts";
import { account, makeEndpoint, start } from "./make-endpoint.ts";
import { toyTopics } from "./toy-topics.ts";

const topic = `arn:aws:sns:eu-west-1:${account}:known`;
const operator: Principal = { arn: `arn:aws:iam::${account}:user/operator`, type: "user" };
const publish = { TopicArn: topic, Message: "hello" };

function makeRegion(options: Parameters<typeof makeEndpoint>[1] = {}) {
  const { service, published } = toyTopics();
  return { ...makeEndpoint([service], options), published };
}

function makeClient({ settings }: Pick<ReturnType<typeof makeEndpoint>, "settings">, maxAttempts = 1) {
  return new sns.SNSClient({ ...settings, maxAttempts });
}

describe("a call through the pipeline", () => {
  it("reaches the model from the wire and from another service alike, and is recorded", async () => {
    const region = makeRegion();

    const overWire = await makeClient(region).send(new sns.PublishCommand(publish));
    const direct = await region.endpoint.call(operator, "sns", "Publish", publish);

    expect([overWire.MessageId, direct["MessageId"]]).toEqual(["message-1", "message-2"]);
    expect(region.endpoint.services.map(({ signingName }) => signingName)).toEqual(["sns"]);
    expect(region.endpoint.calls).toMatchObject([
      { at: start, service: "sns", operation: "Publish", outcome: "ok", mutating: true, input: publish },
      { principal: operator, outcome: "ok", replyLost: false },
    ]);
    expect(region.kernel.log.entries).toContainEqual({
      at: start,
      source: "sns",
      event: "api call",
      facts: { operation: "Publish", principal: "operator", outcome: "ok" },
    });
    expect(JSON.stringify(region.kernel.log.lines())).not.toContain("hello");
  });

  it("is refused when the model does not honour a part of the input, naming it", async () => {
    const region = makeRegion();

    const sent = makeClient(region).send(new sns.PublishCommand({ ...publish, Subject: "quietly dropped?" }));

    await expect(sent).rejects.toMatchObject({
      name: "NotImplemented",
      message: "Stepback's simulated region does not model the member Subject of sns:Publish",
      $metadata: { httpStatusCode: 501 },
    });
    expect(region.published).toEqual([]);
  });

  it("is refused when a required member is missing at any depth, in AWS's words", async () => {
    const region = makeRegion();
    const MessageAttributes = { size: { DataType: undefined, StringValue: "1" } };

    const sent = makeClient(region).send(new sns.PublishCommand({ ...publish, MessageAttributes }));
    const without = region.endpoint.call(operator, "sns", "Publish", { TopicArn: topic });

    await expect(sent).rejects.toThrow(
      "Value null at 'messageAttributes.size.member.dataType' failed to satisfy",
    );
    await expect(without).rejects.toMatchObject({ message: expect.stringContaining("'message'") });
    expect(region.published).toEqual([]);
  });

  it("is refused when the operation or the service is not modelled", async () => {
    const region = makeRegion();

    const operation = makeClient(region).send(new sns.CreateTopicCommand({ Name: "new" }));
    const service = region.endpoint.call(operator, "ecs", "CreateCluster", {});

    await expect(operation).rejects.toMatchObject({ name: "NotImplemented" });
    await expect(service).rejects.toMatchObject({
      code: "NotImplemented",
      message: "Stepback's simulated region does not model ecs:CreateCluster",
    });
  });

  it("is refused when the caller's role lacks the permission", async () => {
    const region = makeRegion();
    const trust = {
      Statement: {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "lambda.amazonaws.com" },
      },
    } as const;
    const role = region.identities.createRole({ name: "reader", assumeRolePolicy: trust });
    const credentials = region.identities.issueCredentials(role, "job");

    const sent = new sns.SNSClient({ ...region.settings, credentials }).send(new sns.PublishCommand(publish));

    await expect(sent).rejects.toMatchObject({
      name: "AuthorizationErrorException",
      message:
        `User: arn:aws:sts::${account}:assumed-role/reader/job is not authorized to perform: sns:Publish ` +
        `on resource: ${topic} because no identity-based policy allows the sns:Publish action`,
      $metadata: { httpStatusCode: 403 },
    });
    expect(region.endpoint.calls).toMatchObject([
      { outcome: "AccessDeniedException", principal: { session: "job" } },
    ]);
  });

  it("takes virtual time each way, so that concurrent callers interleave the same way in every run", async () => {
    const arrivals = await Promise.all([1, 2].map(() => race(7)));

    expect(arrivals[0]).toEqual(arrivals[1]);
    expect(new Set(arrivals[0]?.map(({ at }) => at)).size).toBeGreaterThan(1);
    expect(arrivals[0]?.every(({ at }) => at >= start + 5 && at <= start + 25)).toBe(true);
    expect(await race(8)).not.toEqual(arrivals[0]);
  });

  it("ends the run loudly when a model has a bug", async () => {
    const buggy = { TopicArn: topic, Message: "trip over a bug" };
    const direct = makeRegion();
    const wire = makeRegion();

    await expect(direct.endpoint.call(operator, "sns", "Publish", buggy)).rejects.toThrow("the toy tripped");
    const sent = makeClient(wire).send(new sns.PublishCommand(buggy));

    await expect(sent).rejects.toMatchObject({ name: "InternalFailure", $metadata: { httpStatusCode: 500 } });
    await expect(wire.kernel.runUntil(start)).rejects.toMatchObject({
      cause: new TypeError("the toy tripped"),
    });
    expect(wire.endpoint.bugs).toEqual([new TypeError("the toy tripped")]);
  });
});

async function race(seed: number) {
  const { endpoint, kernel } = makeRegion({ latency: { fromMs: 5, toMs: 25 }, seed });
  const messages = ["a", "b", "c", "d", "e"];
  const calls = messages.map((Message) => endpoint.call(operator, "sns", "Publish", { ...publish, Message }));
  await kernel.complete(Promise.all(calls));
  return endpoint.calls.map(({ at, input }) => ({ at, message: input["Message"] }));
}
