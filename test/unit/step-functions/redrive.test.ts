import { describe, expect, it } from "vitest";
import {
  lambdaAnswer,
  lambdaFailure,
  lambdaTask,
  outline,
  TestRegion,
} from "../states-language/machine-run.ts";

describe("RedriveExecution", () => {
  /** A chain of two functions, the second of which fails the first time. */
  async function failedOnce() {
    const region = new TestRegion({
      answers: {
        "lambda:Invoke": ({ FunctionName }, earlier) =>
          FunctionName === "second" && earlier === 1
            ? lambdaFailure("Broken", "")
            : lambdaAnswer(FunctionName),
      },
    });
    const First = lambdaTask("first", {
      End: undefined,
      Next: "Second",
      Assign: { kept: "{% $states.result.Payload %}" },
    });
    const Second = lambdaTask("second", { Output: "{% [$kept, $states.context.Execution.RedriveCount] %}" });
    const ended = await region.run({ StartAt: "First", States: { First, Second } });
    return { region, ended, executionArn: ended.arn };
  }

  it("goes on with the failed state, its input and the variables, and keeps the history", async () => {
    const { region, ended, executionArn } = await failedOnce();
    expect(ended.status).toBe("FAILED");

    await region.call("RedriveExecution", { executionArn });
    const redriven = await region.finish(executionArn);

    expect(redriven).toMatchObject({ status: "SUCCEEDED", output: ["first", 1] });
    expect(region.calls.map(({ input }) => input["FunctionName"])).toEqual(["first", "second", "second"]);
    expect(outline(redriven.events).slice(9, 14)).toEqual([
      "10 9 TaskFailed",
      "11 10 ExecutionFailed",
      "12 11 ExecutionRedriven",
      "13 12 TaskScheduled",
      "14 13 TaskStarted",
    ]);
  });

  it("is idempotent for a client token, and refused for what succeeded or is too old", async () => {
    const { region, executionArn } = await failedOnce();
    const redrive = () =>
      region.call<{ redriveDate: Date }>("RedriveExecution", { executionArn, clientToken: "t" });

    const first = await redrive();
    await region.finish(executionArn);

    expect(await redrive()).toEqual(first);
    await expect(region.call("RedriveExecution", { executionArn })).rejects.toMatchObject({
      code: "ExecutionNotRedrivable",
      message: "Execution Not Redrivable: 'Execution is SUCCEEDED and cannot be redriven'",
    });
    const other = await failedOnce();
    await other.region.kernel.runUntil(other.region.kernel.now + 14 * 24 * 3_600_000 + 1);
    await expect(
      other.region.call("RedriveExecution", { executionArn: other.executionArn }),
    ).rejects.toMatchObject({
      message: "Execution Not Redrivable: 'Execution redrivable period exceeded'",
    });
  });
});
