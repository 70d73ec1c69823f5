import { describe, expect, it } from "vitest";
import {
  lambdaAnswer,
  lambdaFailure,
  lambdaTask,
  outline,
  roleArn,
  TestRegion,
} from "../states-language/machine-run.ts";

const waiting = { StartAt: "Wait", States: { Wait: { Type: "Wait", Seconds: 60, End: true } } };
const machineArn = "arn:aws:states:eu-west-1:111122223333:stateMachine:machine";

describe("StartExecution", () => {
  it("gives the same answer for the same name and input while it runs, and refuses anything else", async () => {
    const region = new TestRegion({});
    const machine = await region.machine(waiting);

    const first = await region.start(machine, { a: 1 }, "once");
    const again = await region.start(machine, { a: 1 }, "once");

    expect(again).toBe(first);
    expect(region.states.executions.all()).toHaveLength(1);
    await expect(region.start(machine, { a: 2 }, "once")).rejects.toMatchObject({
      code: "ExecutionAlreadyExists",
    });
    await region.finish(first);
    await expect(region.start(machine, { a: 1 }, "once")).rejects.toMatchObject({
      code: "ExecutionAlreadyExists",
    });
  });

  it("frees a name 90 days after its execution closed", async () => {
    const region = new TestRegion({});
    const machine = await region.machine(waiting);
    await region.finish(await region.start(machine, {}, "once"));
    await region.kernel.runUntil(region.kernel.now + 91 * 24 * 3_600_000);

    await region.start(machine, {}, "once");

    expect(region.states.executions.of(region.states.executions.all()[0]?.machine as never)).toHaveLength(1);
  });

  it.each([
    [{ name: "no spaces please" }, "InvalidName"],
    [{ name: "x".repeat(81) }, "InvalidName"],
    [{ input: "not json" }, "InvalidExecutionInput"],
    [{ input: JSON.stringify("x".repeat(262_144)) }, "ValidationException"],
    [{ stateMachineArn: `${machineArn}2` }, "StateMachineDoesNotExist"],
    [{ stateMachineArn: "machine" }, "InvalidArn"],
  ])("refuses %j", async (wrong, code) => {
    const region = new TestRegion({});
    const stateMachineArn = await region.machine(waiting);

    await expect(region.call("StartExecution", { stateMachineArn, ...wrong })).rejects.toMatchObject({
      code,
    });
  });
});

describe("an execution", () => {
  it("announces its start and its end as event and metric, and counts its transitions", async () => {
    const region = new TestRegion({});

    const { arn } = await region.run(waiting, { a: 1 });

    expect(region.events.map(({ detail }) => detail["status"])).toEqual(["RUNNING", "SUCCEEDED"]);
    expect(region.events[1]).toMatchObject({
      source: "aws.states",
      detailType: "Step Functions Execution Status Change",
      resources: [arn],
      detail: {
        executionArn: arn,
        stateMachineArn: machineArn,
        input: '{"a":1}',
        output: '{"a":1}',
        error: null,
      },
    });
    expect(region.metrics.map(({ metricName }) => metricName)).toEqual([
      "ExecutionsStarted",
      "ExecutionsSucceeded",
    ]);
    expect(region.metrics[0]?.dimensions).toEqual({ StateMachineArn: machineArn });
    expect(region.states.executions.transitionsOf(arn)).toBe(1);
  });

  it("is described with its times, its data and whether it can be redriven", async () => {
    const region = new TestRegion({ answers: { "lambda:Invoke": () => lambdaFailure("Broken", "b") } });
    const { arn } = await region.run({ StartAt: "Do", States: { Do: lambdaTask("f") } }, 1);

    const full = await region.call<object>("DescribeExecution", { executionArn: arn });
    const bare = await region.call<object>("DescribeExecution", {
      executionArn: arn,
      includedData: "METADATA_ONLY",
    });

    expect(full).toMatchObject({
      status: "FAILED",
      input: "1",
      error: "Broken",
      redriveCount: 0,
      redriveStatus: "REDRIVABLE",
    });
    expect(bare).not.toHaveProperty("input");
    await expect(region.call("DescribeExecution", { executionArn: `${arn}x` })).rejects.toMatchObject({
      code: "ExecutionDoesNotExist",
    });
  });

  it("gives its history in pages, backwards when asked, without data when asked", async () => {
    const region = new TestRegion({});
    const { arn: executionArn } = await region.run(waiting, { secret: true });
    type Page = { readonly events: { readonly id: number }[]; readonly nextToken?: string };

    const first = await region.call<Page>("GetExecutionHistory", {
      executionArn,
      maxResults: 3,
      reverseOrder: true,
    });
    const { nextToken } = first;
    const second = await region.call<Page>("GetExecutionHistory", {
      executionArn,
      reverseOrder: true,
      nextToken,
    });
    const bare = await region.call<Page>("GetExecutionHistory", {
      executionArn,
      includeExecutionData: false,
    });

    expect([...first.events, ...second.events].map(({ id }) => id)).toEqual([4, 3, 2, 1]);
    expect(second.nextToken).toBeUndefined();
    expect(JSON.stringify(bare)).not.toContain("secret");
    expect(JSON.stringify(bare)).toContain("Wait");
  });

  it("is aborted by StopExecution in the middle of a call, and stays so", async () => {
    const region = new TestRegion({ answers: { "lambda:Invoke": () => lambdaAnswer(1) } });
    region.callMs = 10_000;
    const executionArn = await region.start(
      await region.machine({ StartAt: "Do", States: { Do: lambdaTask("f") } }),
    );
    await region.kernel.runUntil(region.kernel.now + 5_000);

    await region.call("StopExecution", { executionArn, error: "Manual", cause: "probe" });
    await region.kernel.runUntil(region.kernel.now + 60_000);

    const ended = await region.finish(executionArn);
    expect(ended).toMatchObject({ status: "ABORTED", error: "Manual", cause: "probe" });
    expect(outline(ended.events).at(-1)).toBe("5 0 ExecutionAborted");
  });

  it("happens in the same way, to the millisecond, for the same seed", async () => {
    const logOf = async (seed: number) => {
      const region = new TestRegion({ seed, answers: { "lambda:Invoke": () => lambdaFailure("Busy", "b") } });
      const Retry = [{ ErrorEquals: ["Busy"], JitterStrategy: "FULL" }];
      await region.run({ StartAt: "Do", States: { Do: lambdaTask("f", { Retry }) } });
      return [...region.kernel.log.lines(), ...region.calls.map(({ at }) => String(at))];
    };

    expect(await logOf(7)).toEqual(await logOf(7));
    expect(await logOf(7)).not.toEqual(await logOf(8));
  });
});

describe("state machines", () => {
  it("are created from a template with what Ref and GetAtt need, and described", async () => {
    const region = new TestRegion({});

    const arn = await region.machine(waiting);

    expect(arn).toBe(machineArn);
    expect(await region.call("DescribeStateMachine", { stateMachineArn: arn })).toMatchObject({
      name: "machine",
      roleArn,
      status: "ACTIVE",
      type: "STANDARD",
      definition: JSON.stringify({ QueryLanguage: "JSONata", ...waiting }),
    });
    await expect(region.machine(waiting)).rejects.toMatchObject({ code: "StateMachineAlreadyExists" });
  });

  it("are refused with every error of their definition", async () => {
    const region = new TestRegion({});
    const States = { A: { Type: "Pass", Next: "Z" }, B: { Type: "Pass", Output: "{% $x %}", End: true } };

    await expect(region.machine({ StartAt: "A", States })).rejects.toMatchObject({
      code: "InvalidDefinition",
      message: expect.stringMatching(
        /MISSING_TRANSITION_TARGET: .*Z at \/States\/A\/Next.*State 'B' is not reachable/,
      ),
    });
  });

  it("are validated without being created, warnings on request", async () => {
    const region = new TestRegion({});
    const definition = JSON.stringify({
      QueryLanguage: "JSONata",
      StartAt: "Do",
      States: { Do: lambdaTask("f", { TimeoutSeconds: undefined }) },
    });

    const errors = await region.call("ValidateStateMachineDefinition", { definition });
    const all = await region.call("ValidateStateMachineDefinition", { definition, severity: "WARNING" });
    const broken = await region.call("ValidateStateMachineDefinition", { definition: "{}" });

    expect(errors).toEqual({ result: "OK", diagnostics: [], truncated: false });
    expect(all).toMatchObject({
      result: "OK",
      diagnostics: [{ severity: "WARNING", location: "/States/Do" }],
    });
    expect(broken).toMatchObject({
      result: "FAIL",
      diagnostics: [
        { code: "SCHEMA_VALIDATION_FAILED", message: "These fields are required: [StartAt, States]" },
      ],
    });
  });
});
