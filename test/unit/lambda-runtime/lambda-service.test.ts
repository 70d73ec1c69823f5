import { beforeAll, describe, expect, it } from "vitest";
import { bundleHandler } from "./bundle-handler.ts";
import { caller, callerRole } from "./make-caller.ts";
import { FUNCTION_ARN, makeRegion, payloadOf, type RegionOptions, totalOf } from "./make-region.ts";

/** Asks Lambda about itself through its own SDK client, fails or waits as the event says. */
const SOURCE = `
  import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
  const lambda = new LambdaClient({});
  export const handler = async (event, context) => {
    if (event.fail) throw new Error("as asked");
    if (event.waitMs) await new Promise((resolve) => setTimeout(resolve, event.waitMs));
    if (event.ask) {
      const { MemorySize } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: context.functionName }));
      return { MemorySize };
    }
    console.log("an ordinary line");
    return event.requestContext ?? event;
  };
`;

let directory = "";
beforeAll(async () => {
  directory = await bundleHandler(SOURCE);
});
const region = (options: Partial<RegionOptions> = {}) => makeRegion({ directory, ...options });

describe("Lambda", () => {
  it("runs a function whose own calls are authorised by its execution role", async () => {
    const own = { Effect: "Allow", Action: "lambda:GetFunctionConfiguration", Resource: FUNCTION_ARN };
    const allowed = await region({ statements: [own], properties: { MemorySize: 512 } });
    const denied = await region({ properties: { MemorySize: 512 } });
    const Payload = JSON.stringify({ ask: true });

    const answer = await allowed.invoke({ Payload });
    const refusal = await denied.invoke({ Payload });

    expect(payloadOf(answer)).toEqual({ MemorySize: 512 });
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
    expect(refusal).toMatchObject({ FunctionError: "Unhandled" });
    expect(payloadOf(refusal)).toMatchObject({
      errorType: "AccessDeniedException",
      errorMessage: expect.stringContaining("lambda:GetFunctionConfiguration"),
    });
  });

  it("ends a function at the very call that a fault kills its caller at", async () => {
    const own = { Effect: "Allow", Action: "lambda:GetFunctionConfiguration", Resource: FUNCTION_ARN };
    const { invoke, faults, endpoint } = await region({ statements: [own] });
    faults.add({ operation: "GetFunctionConfiguration", mutating: false, effect: "kills-caller", times: 1 });
    const Payload = JSON.stringify({ ask: true });

    const killed = await invoke({ Payload });
    const next = await invoke({ Payload });

    expect(payloadOf(killed)).toMatchObject({ errorType: "Runtime.ExitError" });
    expect(next).not.toHaveProperty("FunctionError");
    // The SDK did not ask again: nobody was there any more.
    const asked = endpoint.calls.filter(({ operation }) => operation === "GetFunctionConfiguration");
    expect(asked.map(({ replyLost }) => replyLost)).toEqual([true, false]);
  });

  it("checks an unqualified call against the unqualified ARN and $LATEST against the qualified one", async () => {
    const plain = await region({ resources: callerRole(["lambda:InvokeFunction"]) });
    const qualified = await region({ resources: callerRole(["lambda:InvokeFunction"], ":*") });

    expect(await plain.invoke({}, caller)).toMatchObject({ StatusCode: 200 });
    await expect(plain.invoke({ Qualifier: "$LATEST" }, caller)).rejects.toMatchObject({
      code: "AccessDeniedException",
    });
    expect(await qualified.invoke({ Qualifier: "$LATEST" }, caller)).toMatchObject({ StatusCode: 200 });
    await expect(qualified.invoke({}, caller)).rejects.toMatchObject({ code: "AccessDeniedException" });
  });

  it("lets a service in through the function's policy, for the named source only", async () => {
    const Rule = "arn:aws:events:eu-west-1:111122223333:rule/alarms";
    const properties = {
      FunctionName: { Ref: "Function" },
      Action: "lambda:InvokeFunction",
      Principal: "events.amazonaws.com",
      SourceArn: Rule,
    };
    const { invoke } = await region({
      resources: { Allow: { Type: "AWS::Lambda::Permission", Properties: properties } },
    });
    const events = { arn: "events.amazonaws.com", type: "service" } as const;

    expect(await invoke({}, { ...events, sourceArn: Rule })).toMatchObject({ StatusCode: 200 });
    await expect(invoke({}, { ...events, sourceArn: `${Rule}-2` })).rejects.toMatchObject({
      code: "AccessDeniedException",
    });
  });

  it("throttles above the reserved concurrency", async () => {
    const bench = await region({ properties: { ReservedConcurrentExecutions: 1 } });
    const Payload = JSON.stringify({ waitMs: 1_000 });

    const results = await Promise.allSettled([bench.invoke({ Payload }), bench.invoke({ Payload })]);

    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(results.find(({ status }) => status === "rejected")).toMatchObject({
      reason: { code: "TooManyRequestsException", status: 429 },
    });
    expect([totalOf(bench, "Invocations"), totalOf(bench, "Throttles")]).toEqual([1, 1]);
  });

  it.each([
    ["an unknown function", { FunctionName: "nobody" }, "ResourceNotFoundException"],
    ["a payload that is no JSON", { Payload: "{" }, "InvalidRequestContentException"],
    [
      "an event above 1 MB",
      { InvocationType: "Event", Payload: `"${"x".repeat(1_048_576)}"` },
      "RequestTooLargeException",
    ],
    ["a version", { Qualifier: "7" }, "NotImplemented"],
  ])("refuses %s", async (_what, input, code) => {
    const { invoke } = await region();

    await expect(invoke(input)).rejects.toMatchObject({ code });
  });

  it("loses the output of a function whose role may not write logs", async () => {
    const silent = await region({
      statements: [{ Effect: "Allow", Action: "lambda:ListFunctions", Resource: "*" }],
    });
    const heard = await region();

    await silent.invoke();
    await heard.invoke();

    expect(silent.logged).toEqual([]);
    expect(silent.kernel.log.lines().join()).toContain("output lost");
    expect(heard.logged).toEqual([expect.stringContaining("\tINFO\tan ordinary line")]);
  });

  it.each([
    [
      "runs code that redeclares a global's name",
      "const crypto = require('node:crypto'); exports.handler = async () => typeof crypto.createHash;",
      "function",
    ],
    [
      "reports a module that fails to load",
      "throw new TypeError('no table');",
      { errorType: "TypeError", errorMessage: "no table" },
    ],
    ["reports a missing handler", "exports.run = async () => 1;", { errorType: "Runtime.HandlerNotFound" }],
    [
      "refuses a callback handler",
      "exports.handler = (event, context, callback) => callback(null, 1);",
      { errorType: "Runtime.CallbackHandlerDeprecated" },
    ],
  ])("%s (inline code)", async (_what, ZipFile, expected) => {
    const { invoke } = await region({ properties: { Code: { ZipFile } } });

    const payload = payloadOf(await invoke());

    if (typeof expected === "string") expect(payload).toBe(expected);
    else expect(payload).toMatchObject(expected);
  });

  it("hands the end of the log back when asked", async () => {
    const { invoke } = await region();

    const { LogResult } = await invoke({ LogType: "Tail" });

    expect(Buffer.from(String(LogResult), "base64").toString()).toContain("an ordinary line");
  });

  it("does not deploy a function whose role Lambda cannot assume, or on another runtime", async () => {
    await expect(region({ trusted: "ecs-tasks.amazonaws.com" })).rejects.toMatchObject({
      code: "InvalidParameterValueException",
    });
    await expect(region({ properties: { Runtime: "python3.14" } })).rejects.toThrow("nodejs24.x");
  });
});
