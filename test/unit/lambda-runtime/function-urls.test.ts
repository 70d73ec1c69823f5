import { beforeAll, describe, expect, it } from "vitest";
import { bundleHandler } from "./bundle-handler.ts";
import { caller, callerRole } from "./make-caller.ts";
import { type LambdaRegion, makeRegion, totalOf } from "./make-region.ts";

let directory = "";
beforeAll(async () => {
  directory = await bundleHandler("export const handler = async (event) => event.requestContext;");
});

describe("a function URL", () => {
  const resources = (actions: readonly string[]) => ({
    ...callerRole(actions),
    Url: {
      Type: "AWS::Lambda::Url",
      Properties: { TargetFunctionArn: { "Fn::GetAtt": ["Function", "Arn"] }, AuthType: "AWS_IAM" },
    },
  });
  const get = async ({ stack, kernel, endpoint, identities }: LambdaRegion, signed = true) => {
    const url = new URL(`${stack.resources.get("Url")?.attributes["FunctionUrl"]}status?deep=1`);
    const { accessKeyId } = identities.issueCredentials(caller.arn, "ana");
    const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261121/eu-west-1/lambda/aws4_request`;
    const request = {
      method: "GET",
      path: url.pathname,
      query: url.searchParams,
      headers: { host: url.host, ...(signed ? { authorization } : {}) },
      body: new Uint8Array(),
      host: url.host,
    };
    const { status, body } = await kernel.complete(endpoint.handle(request));
    return { status, accessKeyId, answer: JSON.parse(Buffer.from(body).toString()) };
  };
  const both = ["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"];

  it("tells the function who signed the request", async () => {
    const bench = await makeRegion({ directory, resources: resources(both) });

    const { status, answer, accessKeyId } = await get(bench);

    expect(status).toBe(200);
    expect(answer).toMatchObject({
      http: { method: "GET", path: "/status" },
      time: "21/Nov/2026:10:00:00 +0000",
      authorizer: {
        iam: {
          accountId: "111122223333",
          accessKey: accessKeyId,
          userArn: "arn:aws:sts::111122223333:assumed-role/caller/ana",
          callerId: expect.stringMatching(/^AROA[0-9A-F]{17}:ana$/),
        },
      },
    });
  });

  it.each([
    ["holds only one of the two permissions", both.slice(0, 1), true],
    ["has not signed", both, false],
  ])("refuses a caller who %s", async (_what, actions, signed) => {
    const bench = await makeRegion({ directory, resources: resources(actions) });

    expect(await get(bench, signed)).toMatchObject({ status: 403 });
    expect(totalOf(bench, "Invocations")).toBe(0);
  });
});
