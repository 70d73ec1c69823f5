import { MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Context } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { StepbackError } from "../../../lambdas/contracts/errors.ts";
import { defineHandler, type Step } from "../../../lambdas/platform/define-handler.ts";

const Input = z.strictObject({
  rollbackId: z.string().optional(),
  planned: z.looseObject({ rollbackId: z.string() }).optional(),
  move: z.looseObject({ component: z.string() }).optional(),
  taskToken: z.string(),
});
const Output = z.strictObject({ status: z.string() });
type Run = Step<z.infer<typeof Input>, z.infer<typeof Output>, { readonly started: number }>["run"];

const secret = "token-that-nobody-may-see";
const good = { rollbackId: "rb-7", move: { component: "api" }, taskToken: secret };
const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: "test",
  functionVersion: "1",
  invokedFunctionArn: "arn:aws:lambda:eu-west-1:111122223333:function:test",
  memoryLimitInMB: "256",
  awsRequestId: "request-1",
  logGroupName: "group",
  logStreamName: "stream",
  getRemainingTimeInMillis: () => 12_345,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};

let printed = "";

beforeEach(() => {
  printed = "";
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((text) => {
      printed += String(text);
      return true;
    });
  }
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** The log lines so far. */
const lines = () =>
  printed
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line)));

function makeHandler(run: Run) {
  let started = 0;
  const handler = defineHandler({
    name: "test-step",
    input: Input,
    output: Output,
    services: () => ({ started: ++started }),
    run,
  });
  return (event: unknown) => handler(event, context);
}

const throwing = (error: unknown) =>
  makeHandler(async () => {
    throw error;
  });

describe("a handler", () => {
  it("passes checked input and the time that is left, and answers with checked output", async () => {
    const handle = makeHandler(async (input, _services, { remainingMillis }) => ({
      status: `${input.rollbackId} ${remainingMillis()}`,
    }));

    expect(await handle(good)).toEqual({ status: "rb-7 12345" });
  });

  it("makes its services once a cold start", async () => {
    const handle = makeHandler(async (_input, { started }) => ({ status: `${started}` }));
    await handle(good);

    expect(await handle(good)).toEqual({ status: "1" });
  });

  it.each([
    ["a wrong type", { taskToken: 7 }, "taskToken"],
    ["a field that is missing", {}, "taskToken"],
    ["a field too many", { taskToken: secret, tokn: 1 }, "tokn"],
    ["no object at all", "a sentence", "expected object"],
  ])("refuses %s as BadRequest, naming the field", async (_, event, field) => {
    const handle = makeHandler(async () => ({ status: "never" }));

    await expect(handle(event)).rejects.toMatchObject({
      name: "BadRequest",
      message: expect.stringMatching(`^The input of test-step is not what was agreed: [^]*${field}`),
    });
  });

  it("refuses to answer what was not agreed", async () => {
    const handle = makeHandler(async () => ({ status: "fine", more: 1 }) as { status: string });

    await expect(handle(good)).rejects.toMatchObject({
      name: "BadRequest",
      message: expect.stringContaining("The output of test-step"),
    });
  });

  it.each([
    ["Stepback's own", new StepbackError("LockLost", "gone"), "LockLost"],
    ["trouble that passes", Object.assign(new Error("slow"), { name: "ThrottlingException" }), "AwsBusy"],
    ["a missing permission", Object.assign(new Error("no"), { name: "AccessDeniedException" }), "NotAllowed"],
    ["a bug", new RangeError("out of it"), "RangeError"],
  ])("throws with the name that the workflow matches on: %s", async (_, error, name) => {
    await expect(throwing(error)(good)).rejects.toMatchObject({ name });
    expect(lines()).toContainEqual(
      expect.objectContaining({ message: "step failed", level: "ERROR", code: name }),
    );
  });
});

describe("its log lines", () => {
  it.each([
    ["the input's", good, { rollbackId: "rb-7", component: "api" }],
    ["the plan's", { planned: { rollbackId: "rb-8" }, taskToken: secret }, { rollbackId: "rb-8" }],
  ])("carry the keys by which an incident is found: %s", async (_, event, keys) => {
    await makeHandler(async (_input, _services, { logger }) => {
      logger.info("looked");
      return { status: "done" };
    })(event);

    expect(lines()).toEqual([expect.objectContaining({ message: "looked", service: "test-step", ...keys })]);
  });

  it("do not carry the keys of the invocation before", async () => {
    const handle = makeHandler(async (_input, _services, { logger }) => {
      logger.info("looked");
      return { status: "done" };
    });
    await handle(good);
    await handle({ taskToken: secret });

    expect(lines()[1]).not.toHaveProperty("rollbackId");
    expect(lines()[1]).not.toHaveProperty("component");
  });

  it("hold nothing of the payload, whether it ends well or badly", async () => {
    await makeHandler(async () => ({ status: "done" }))(good);
    await throwing(new StepbackError("LockLost", "gone"))(good).catch(() => undefined);
    await makeHandler(async () => ({ status: "never" }))({ ...good, taskToken: [secret], x: secret }).catch(
      () => undefined,
    );

    expect(lines().filter((line) => line["message"] === "step failed")).toHaveLength(2);
    expect(printed).not.toContain(secret);
  });

  it("include what was counted", async () => {
    await makeHandler(async (_input, _services, { metrics }) => {
      metrics.addMetric("Recovered", MetricUnit.Count, 1);
      return { status: "done" };
    })(good);

    expect(lines()).toContainEqual(expect.objectContaining({ Recovered: 1, service: "test-step" }));
  });
});
