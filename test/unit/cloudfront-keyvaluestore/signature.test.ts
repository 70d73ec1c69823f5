import { DescribeKeyValueStoreCommand, GetKeyCommand } from "@aws-sdk/client-cloudfront-keyvaluestore";
import { describe, expect, it } from "vitest";
import type { WireRequest } from "../../../lib/region/wire/wire-message.ts";
import { makeKeyValueStores } from "./make-key-value-stores.ts";

function makeRequest(arn: string, headers: Readonly<Record<string, string>>): WireRequest {
  return {
    method: "GET",
    path: `/key-value-stores/${encodeURIComponent(arn)}`,
    query: new URLSearchParams(),
    headers,
    body: new Uint8Array(),
    host: "123456789012.cloudfront-kvs.global.api.aws",
  };
}

const signedWith = (algorithm: string, scope: string) =>
  `${algorithm} Credential=operator/20261121/${scope}/aws4_request, SignedHeaders=host, Signature=0`;
const SIGV4A = signedWith("AWS4-ECDSA-P256-SHA256", "cloudfront-keyvaluestore");

describe("the signature of a KeyValueStore request", () => {
  it.each([
    ["plain SigV4", { authorization: signedWith("AWS4-HMAC-SHA256", "us-east-1/cloudfront-keyvaluestore") }],
    ["SigV4A without a region set", { authorization: SIGV4A }],
  ])("is refused when it is %s", async (_, headers) => {
    const { endpoint, kernel, KvsARN } = makeKeyValueStores();

    const reply = await kernel.complete(endpoint.handle(makeRequest(KvsARN, headers)));

    expect(reply.status).toBe(403);
    expect(Buffer.from(reply.body).toString()).toContain("Authentication failed");
    expect(reply.headers["x-amzn-errortype"]).toBe("AccessDeniedException");
  });

  it("is taken as SigV4A, which the real client sends to the account's host", async () => {
    const { endpoint, kernel, KvsARN, client, run } = makeKeyValueStores();
    const hosts: string[] = [];
    client.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { hostname: string; headers: Record<string, string> };
        hosts.push(`${request.hostname} ${request.headers["authorization"]?.split(" ")[0]}`);
        return next(args);
      },
      { step: "finalizeRequest", priority: "low" },
    );

    const { Status } = await run(() => client.send(new DescribeKeyValueStoreCommand({ KvsARN })));
    const headers = { authorization: SIGV4A, "x-amz-region-set": "*" };
    const reply = await kernel.complete(endpoint.handle(makeRequest(KvsARN, headers)));

    expect(Status).toBe("READY");
    expect(hosts).toEqual(["123456789012.cloudfront-kvs.global.api.aws AWS4-ECDSA-P256-SHA256"]);
    expect(reply.status).toBe(200);
  });

  it("works with an endpoint of one's own, which the client puts the account in front of", async () => {
    const { clientWith, run, KvsARN } = makeKeyValueStores();
    const client = clientWith(undefined, { endpoint: "http://localhost:4566" });

    const { Value } = await run(() => client.send(new GetKeyCommand({ KvsARN, Key: "release" })));

    expect(Value).toBe("r1");
  });

  it("belongs to whoever was given the key: a role may do what its policies say", async () => {
    const { identities, clientWith, run, KvsARN } = makeKeyValueStores();
    const role = identities.createRole({
      name: "reader",
      assumeRolePolicy: {
        Statement: {
          Effect: "Allow",
          Principal: { Service: "lambda.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      },
      inlinePolicies: {
        read: {
          Statement: { Effect: "Allow", Action: "cloudfront-keyvaluestore:GetKey", Resource: KvsARN },
        },
      },
    });
    const client = clientWith(identities.issueCredentials(role, "test"));

    await run(() => client.send(new GetKeyCommand({ KvsARN, Key: "release" })));

    await expect(run(() => client.send(new DescribeKeyValueStoreCommand({ KvsARN })))).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
  });
});
