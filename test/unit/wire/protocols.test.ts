import { gzipSync } from "node:zlib";
import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import * as s3 from "@aws-sdk/client-s3";
import * as sqs from "@aws-sdk/client-sqs";
import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from "@aws-sdk/core/protocols";
import { describe, expect, it } from "vitest";
import { AwsError, ServiceModel } from "../../../lib/region/service-model.ts";
import { account, makeEndpoint, makeRequest } from "./make-endpoint.ts";
import { toyTopics } from "./toy-topics.ts";

const model = { region: "eu-west-1", credentials: { accessKeyId: "model", secretAccessKey: "model" } };
const updated = new Date("2026-11-21T01:02:03.500Z");

function makeAlarms() {
  return new ServiceModel("monitoring", cloudwatch, new cloudwatch.CloudWatchClient(model))
    .on(cloudwatch.DescribeAlarmsCommand, {
      accepts: ["AlarmNames"],
      authorize: () => [],
      handle: ({ AlarmNames = [] }) => ({
        MetricAlarms: AlarmNames.map((AlarmName) => ({ AlarmName, StateUpdatedTimestamp: updated })),
      }),
    })
    .on(cloudwatch.SetAlarmStateCommand, {
      accepts: ["AlarmName", "StateValue", "StateReason"],
      authorize: () => [],
      handle() {
        throw new AwsError("ResourceNotFound", "The alarm does not exist");
      },
    })
    .on(cloudwatch.PutMetricDataCommand, {
      accepts: ["Namespace", "MetricData"],
      authorize: () => [],
      handle: () => ({}),
    });
}

function makeObjects() {
  return new ServiceModel("s3", s3, new s3.S3Client(model))
    .on(s3.PutObjectCommand, {
      accepts: ["Bucket", "Key", "Body", "ContentLength", "ContentEncoding", "ChecksumAlgorithm"],
      authorize: () => [],
      handle: () => ({ ETag: '"1"' }),
    })
    .on(s3.HeadObjectCommand, {
      accepts: ["Bucket", "Key"],
      authorize: () => [],
      handle({ Key }) {
        if (Key === "missing") throw new AwsError("NoSuchKey", "The specified key does not exist.");
        return { ContentLength: 7, ContentType: "text/plain" };
      },
    })
    .on(s3.GetObjectCommand, {
      accepts: ["Bucket", "Key"],
      authorize: () => [],
      handle() {
        throw new AwsError("NoSuchKey", "The specified <key> does not exist.", undefined, { Key: "a&b" });
      },
    });
}

describe("one service spoken to in several protocols", () => {
  it.each([
    ["its own", undefined],
    ["rpc-v2-cbor", AwsSmithyRpcV2CborProtocol],
    ["awsQuery", AwsQueryProtocol],
  ])("answers CloudWatch in %s, errors included", async (_, protocol) => {
    const { settings, endpoint } = makeEndpoint([makeAlarms()]);
    const client = new cloudwatch.CloudWatchClient({ ...settings, ...(protocol && { protocol }) });
    const change = { AlarmName: "x", StateValue: "OK", StateReason: "test" } as const;

    const described = await client.send(new cloudwatch.DescribeAlarmsCommand({ AlarmNames: ["a", "b"] }));
    const failed = client.send(new cloudwatch.SetAlarmStateCommand(change));

    const names = described.MetricAlarms?.map(({ AlarmName }) => AlarmName);
    expect(names).toEqual(["a", "b"]);
    expect(Number(described.MetricAlarms?.[0]?.StateUpdatedTimestamp)).toBeCloseTo(updated.getTime(), -3);
    expect(await failed.catch((error: unknown) => error)).toBeInstanceOf(cloudwatch.ResourceNotFound);
    expect(endpoint.calls.map(({ outcome }) => outcome)).toEqual(["ok", "ResourceNotFound"]);
  });

  it("tells a query-compatible client the error code of the former protocol", async () => {
    const queues = new ServiceModel("sqs", sqs, new sqs.SQSClient(model)).on(sqs.GetQueueUrlCommand, {
      accepts: ["QueueName"],
      authorize: () => [],
      handle() {
        throw new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
      },
    });
    const { endpoint } = makeEndpoint([queues]);
    const headers = { "x-amz-target": "AmazonSQS.GetQueueUrl", "content-type": "application/x-amz-json-1.0" };

    const reply = await endpoint.handle(makeRequest({ service: "sqs", headers, body: '{"QueueName":"q"}' }));

    expect(reply.headers["x-amzn-query-error"]).toBe("AWS.SimpleQueueService.NonExistentQueue;Sender");
    expect(JSON.parse(Buffer.from(reply.body).toString())).toMatchObject({
      __type: "com.amazonaws.sqs#QueueDoesNotExist",
    });
  });

  it("reads compressed bodies", async () => {
    const { endpoint, settings } = makeEndpoint([makeAlarms()]);
    const compressing = { disableRequestCompression: false, requestMinCompressionSizeBytes: 1 };
    const client = new cloudwatch.CloudWatchClient({ ...settings, ...compressing });
    const MetricData = [{ MetricName: "m", Value: 1 }];

    await client.send(new cloudwatch.PutMetricDataCommand({ Namespace: "n", MetricData }));

    expect(endpoint.calls).toMatchObject([{ outcome: "ok", input: { Namespace: "n", MetricData } }]);
  });
});

describe("S3 over the wire", () => {
  it("finds the bucket in the host as well as in the path", async () => {
    const { endpoint, settings } = makeEndpoint([makeObjects()]);
    const key = { Bucket: "evidence", Key: "a/b c.json" };

    for (const forcePathStyle of [true, false]) {
      await new s3.S3Client({ ...settings, forcePathStyle }).send(new s3.HeadObjectCommand(key));
    }

    expect(endpoint.calls.map(({ input }) => input)).toEqual([key, key]);
  });

  it("takes uploads out of their aws-chunked frames and leaves gzip objects alone", async () => {
    const { endpoint } = makeEndpoint([makeObjects()]);
    const content = gzipSync("hello");
    const body = Buffer.concat([
      Buffer.from(`${content.length.toString(16)};chunk-signature=0\r\n`),
      content,
      Buffer.from("\r\n0;chunk-signature=0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"),
    ]);
    const headers = { "content-encoding": "aws-chunked,gzip", "content-length": String(body.length) };

    await endpoint.handle({ ...makeRequest({ service: "s3", method: "PUT", path: "/b/k", headers }), body });

    expect(endpoint.calls).toMatchObject([
      {
        operation: "PutObject",
        outcome: "ok",
        input: { ContentEncoding: "gzip", ContentLength: content.length },
      },
    ]);
    expect(endpoint.calls[0]?.input["Body"]).toEqual(new Uint8Array(content));
  });

  it("answers HEAD without a body, and errors as S3 writes them", async () => {
    const { endpoint, settings } = makeEndpoint([makeObjects()]);
    const client = new s3.S3Client(settings);

    const found = await client.send(new s3.HeadObjectCommand({ Bucket: "b", Key: "k" }));
    const missing = await client
      .send(new s3.HeadObjectCommand({ Bucket: "b", Key: "missing" }))
      .catch((error: unknown) => error);
    const reply = await endpoint.handle(makeRequest({ service: "s3", method: "GET", path: "/b/k" }));

    expect(found).toMatchObject({ ContentLength: 7, ContentType: "text/plain" });
    expect(missing).toBeInstanceOf(s3.NotFound);
    expect(reply.status).toBe(404);
    expect(Buffer.from(reply.body).toString()).toMatch(
      /^<\?xml.*<Error><Code>NoSuchKey<\/Code><Message>The specified &#60;key&#62; does not exist.<\/Message><Key>a&#38;b<\/Key><RequestId>/,
    );
    expect(reply.headers["x-amz-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("a request that is no proper call", () => {
  it.each([
    ["is unsigned", makeRequest({ headers: { authorization: "" } }), 403, "MissingAuthenticationToken"],
    ["names a service without a model", makeRequest({ service: "ec2" }), 501, "NotImplemented"],
    [
      "names an unknown operation",
      makeRequest({ headers: form(), body: "Action=Nonsense" }),
      404,
      "UnknownOperationException",
    ],
    [
      "cannot be parsed",
      makeRequest({ service: "monitoring", headers: json(), body: "{" }),
      400,
      "SerializationException",
    ],
  ])("is answered with a clear error when it %s", async (_, request, status, code) => {
    const { endpoint } = makeEndpoint([toyTopics().service, makeAlarms()]);

    const reply = await endpoint.handle(request);

    expect(reply.status).toBe(status);
    expect(Buffer.from(reply.body).toString()).toContain(code);
    expect(endpoint.bugs).toEqual([]);
  });

  it("carries the caller of a presigned request and the virtual date of the answer", async () => {
    const { endpoint } = makeEndpoint([makeObjects()]);
    const query = new URLSearchParams({ "X-Amz-Credential": "key/20261121/eu-west-1/s3/aws4_request" });

    const reply = await endpoint.handle({
      ...makeRequest({ method: "HEAD", path: "/b/k", query }),
      headers: {},
    });

    expect(reply.headers["date"]).toBe("Sat, 21 Nov 2026 01:02:03 GMT");
    expect(endpoint.calls).toMatchObject([{ operation: "HeadObject", outcome: "ok" }]);
  });

  it("goes to the function URLs when the host is one", async () => {
    const { endpoint, identities } = makeEndpoint([toyTopics().service]);
    endpoint.functionUrls = async ({ path }, { arn }) => ({
      status: 200,
      headers: {},
      body: Buffer.from(`${path} by ${arn}`),
    });
    const host = "abc123.lambda-url.eu-west-1.on.aws";

    const reply = await endpoint.handle({ ...makeRequest({ host, path: "/approve" }), headers: {} });
    const signed = await endpoint.handle(makeRequest({ host, service: "lambda" }));

    expect(Buffer.from(reply.body).toString()).toBe("/approve by anonymous");
    expect(Buffer.from(signed.body).toString()).toBe(`/ by ${identities.principalOf("any").arn}`);
    expect(identities.principalOf("any").arn).toBe(`arn:aws:iam::${account}:user/operator`);
  });
});

function form() {
  return { "content-type": "application/x-www-form-urlencoded" };
}

function json() {
  return {
    "x-amz-target": "GraniteServiceVersion20100801.DescribeAlarms",
    "content-type": "application/x-amz-json-1.0",
  };
}
