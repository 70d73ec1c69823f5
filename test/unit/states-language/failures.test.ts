import { describe, expect, it } from "vitest";
import { AwsError } from "../../../lib/region/service-model.ts";
import { lambdaAnswer, lambdaFailure, lambdaTask, outline, TestRegion } from "./machine-run.ts";

const only = (state: object) => ({ StartAt: "Only", States: { Only: state } });
const caught = (errors: readonly string[], more: object = {}) => ({
  StartAt: "Only",
  States: {
    Only: lambdaTask("f", {
      Catch: [{ ErrorEquals: errors, Next: "Caught", Output: "{% $states.errorOutput %}" }],
      ...more,
    }),
    Caught: { Type: "Succeed" },
  },
});

describe("a failing task", () => {
  it("fails with the function's own error type and its answer as the cause", async () => {
    const region = new TestRegion({
      answers: { "lambda:Invoke": () => lambdaFailure("LockHeld", "held by rb-17") },
    });

    const ended = await region.run(only(lambdaTask("lock")));

    expect(ended).toMatchObject({ status: "FAILED", error: "LockHeld" });
    expect(JSON.parse(ended.cause ?? "")).toMatchObject({
      errorMessage: "held by rb-17",
      errorType: "LockHeld",
    });
    expect(outline(ended.events).slice(1)).toEqual([
      "2 0 TaskStateEntered",
      "3 2 TaskScheduled",
      "4 3 TaskStarted",
      "5 4 TaskFailed",
      "6 5 ExecutionFailed",
    ]);
  });

  it.each([
    ["TooManyRequestsException", "Lambda.TooManyRequestsException"],
    ["ServiceException", "Lambda.ServiceException"],
    ["SdkClientException", "Lambda.SdkClientException"],
    ["AccessDeniedException", "Lambda.AWSLambdaException"],
  ])("names the service error %s %s", async (code, error) => {
    const region = new TestRegion({
      answers: {
        "lambda:Invoke": () => {
          throw new AwsError(code, "no");
        },
      },
    });

    expect((await region.run(only(lambdaTask("f")))).error).toBe(error);
  });

  it("retries after growing waits, counts its retries in the context, then catches", async () => {
    const region = new TestRegion({ answers: { "lambda:Invoke": () => lambdaFailure("Busy", "later") } });

    const ended = await region.run(
      caught(["Busy"], {
        Arguments: { FunctionName: "f", Payload: "{% $states.context.State.RetryCount %}" },
        Retry: [{ ErrorEquals: ["Busy"], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 2 }],
      }),
    );

    const starts = region.calls.map(({ at }) => at);
    const payloads = region.calls.map(({ input }) =>
      new TextDecoder().decode(input["Payload"] as Uint8Array),
    );
    expect(starts.map((at, index) => at - (starts[index - 1] ?? at))).toEqual([0, 2_100, 6_100]);
    expect(payloads).toEqual(["0", "1", "2"]);
    expect(ended).toMatchObject({ status: "SUCCEEDED", output: { Error: "Busy" } });
  });

  it("counts the attempts of every retrier apart", async () => {
    const region = new TestRegion({
      answers: { "lambda:Invoke": (_, earlier) => lambdaFailure(earlier % 2 ? "B" : "A", "") },
    });

    await region.run(
      only(
        lambdaTask("f", {
          Retry: [
            { ErrorEquals: ["A"], MaxAttempts: 2 },
            { ErrorEquals: ["States.ALL"], MaxAttempts: 1 },
          ],
        }),
      ),
    );

    expect(region.calls).toHaveLength(4);
  });

  it.each([
    { errors: ["States.ALL"], status: "SUCCEEDED" },
    { errors: ["States.Timeout"], status: "SUCCEEDED" },
    { errors: ["States.TaskFailed"], status: "FAILED" },
  ])("on a timeout under Catch $errors the execution is $status", async ({ errors, status }) => {
    const region = new TestRegion({ answers: { "lambda:Invoke": () => lambdaAnswer({}) } });
    region.callMs = 20_000;

    const ended = await region.run(caught(errors, { TimeoutSeconds: "{% 3 + 2 %}" }));

    expect(ended.status).toBe(status);
    expect(outline(ended.events)).toContain("5 4 TaskTimedOut");
    expect(ended.tookMs).toBeLessThan(5_200);
  });

  it.each([
    { errors: ["States.ALL"], status: "FAILED" },
    { errors: ["States.DataLimitExceeded"], status: "SUCCEEDED" },
  ])("a result beyond 256 KiB under Catch $errors is $status", async ({ errors, status }) => {
    const region = new TestRegion({ answers: { "lambda:Invoke": () => lambdaAnswer("x".repeat(262_144)) } });

    expect((await region.run(caught(errors))).status).toBe(status);
  });

  it("catches a failing expression, and reads the error and the variables of the catcher", async () => {
    const region = new TestRegion({ answers: { "lambda:Invoke": () => lambdaAnswer({}) } });

    const ended = await region.run({
      StartAt: "Only",
      States: {
        Only: lambdaTask("f", {
          Output: "{% $states.result.Payload.missing %}",
          Catch: [
            {
              ErrorEquals: ["States.QueryEvaluationError"],
              Next: "Caught",
              Assign: { seen: "{% $states.errorOutput.Error %}" },
            },
          ],
        }),
        Caught: { Type: "Succeed", Output: "{% $seen %}" },
      },
    });

    expect(ended.output).toBe("States.QueryEvaluationError");
  });
});

describe("a failing branch", () => {
  const parallel = (more: object = {}) => ({
    StartAt: "Both",
    States: {
      Both: {
        Type: "Parallel",
        Branches: [
          {
            StartAt: "Waits",
            States: { Waits: { Type: "Wait", Seconds: 500, Next: "Never" }, Never: lambdaTask("never") },
          },
          {
            StartAt: "Fails",
            States: {
              Fails: { Type: "Wait", Seconds: 5, Next: "Broken" },
              Broken: { Type: "Fail", Error: "Broken" },
            },
          },
        ],
        End: true,
        ...more,
      },
      Caught: { Type: "Succeed" },
    },
  });

  it("stops the others at once and is caught by the Parallel state", async () => {
    const region = new TestRegion({});

    const ended = await region.run(parallel({ Catch: [{ ErrorEquals: ["Broken"], Next: "Caught" }] }));

    expect(ended).toMatchObject({ status: "SUCCEEDED", output: { Error: "Broken", Cause: null } });
    expect(ended.tookMs).toBeLessThan(6_000);
    expect(region.calls).toEqual([]);
    expect(outline(ended.events).slice(6)).toEqual([
      "7 6 FailStateEntered",
      "8 7 WaitStateAborted",
      "9 7 ParallelStateFailed",
      "10 9 ParallelStateExited",
      "11 10 SucceedStateEntered",
      "12 11 SucceedStateExited",
      "13 12 ExecutionSucceeded",
    ]);
  });
});

describe("the machine's TimeoutSeconds", () => {
  it("ends the execution TIMED_OUT without asking any Catch", async () => {
    const region = new TestRegion({ answers: { "lambda:Invoke": () => lambdaAnswer({}) } });
    region.callMs = 50_000;

    const ended = await region.run({ ...caught(["States.ALL"]), TimeoutSeconds: 30 });

    expect(ended).toMatchObject({ status: "TIMED_OUT", error: undefined, tookMs: 30_000 });
    expect(outline(ended.events).at(-1)).toBe("5 0 ExecutionTimedOut");
  });
});
