import { describe, expect, it } from "vitest";
import { LambdaRuntime } from "../../../lib/region/lambda-runtime/lambda-runtime.ts";
import { bundleHandler } from "../lambda-runtime/bundle-handler.ts";
import { makeFunction } from "../lambda-runtime/make-runtime.ts";
import { makeKeyValueStores } from "./make-key-value-stores.ts";

/** Flips the release pointer as a rollback does it. */
const SOURCE = `
  import "@aws-sdk/signature-v4a";
  import {
    CloudFrontKeyValueStoreClient, DescribeKeyValueStoreCommand, UpdateKeysCommand,
  } from "@aws-sdk/client-cloudfront-keyvaluestore";
  const client = new CloudFrontKeyValueStoreClient({});
  export const handler = async ({ KvsARN }) => {
    const { ETag: IfMatch } = await client.send(new DescribeKeyValueStoreCommand({ KvsARN }));
    const Puts = [{ Key: "release", Value: "r0" }];
    const { ItemCount } = await client.send(new UpdateKeysCommand({ KvsARN, IfMatch, Puts }));
    return ItemCount;
  };
`;

describe("a shipped function", () => {
  it("signs with SigV4A inside the region's Lambda runtime and changes the pointer", async () => {
    const directory = await bundleHandler(SOURCE);
    const { kernel, endpoint, identities, store, KvsARN } = makeKeyValueStores();
    const role = identities.createRole({
      name: "switcher",
      assumeRolePolicy: {
        Statement: {
          Effect: "Allow",
          Principal: { Service: "lambda.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      },
      inlinePolicies: {
        it: { Statement: { Effect: "Allow", Action: "cloudfront-keyvaluestore:*", Resource: KvsARN } },
      },
    });
    const runtime = new LambdaRuntime({
      kernel,
      region: "eu-west-1",
      transport: (request) => endpoint.handle(request),
      credentialsFor: (roleArn, session) => identities.issueCredentials(roleArn, session),
    });

    const fn = makeFunction(directory, { roleArn: role });
    const { payload, failed } = await kernel.complete(
      runtime.invoke(fn, JSON.stringify({ KvsARN }), "00000000-0000-4000-8000-000000000000"),
    );

    expect([failed, payload]).toEqual([false, "1"]);
    expect(store.value("release")).toBe("r0");
    expect(identities.usage().map(({ action }) => action)).toEqual([
      "cloudfront-keyvaluestore:DescribeKeyValueStore",
      "cloudfront-keyvaluestore:UpdateKeys",
    ]);
  });
});
