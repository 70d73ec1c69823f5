import { describe, expect, it } from "vitest";
import {
  lambdaAnswer,
  lambdaFailure,
  lambdaTask,
  outline,
  payloadOf,
  TestRegion,
} from "../states-language/machine-run.ts";

/** The event ids in this file are those that AWS gave [radkawar/stackd, redrive_execution.json], less its Choice state. */
describe("a redriven execution", () => {
  it("goes on with the failed task, its input and the variables, and keeps the history", async () => {
    const region = failing({ second: 1 });
    const First = task("first", {
      End: undefined,
      Next: "Second",
      Assign: { kept: "{% $states.result.Payload %}" },
    });
    const Second = task("second", { Output: "{% [$kept, $states.context.Execution.RedriveCount] %}" });
    const ended = await region.run({ StartAt: "First", States: { First, Second } });

    const redriven = await redrive(region, ended.arn);

    expect(ended.status).toBe("FAILED");
    expect(redriven).toMatchObject({ status: "SUCCEEDED", output: ["first", 1] });
    expect(called(region)).toEqual(["first", "second", "second"]);
    expect(outline(redriven.events).slice(6)).toEqual([
      "7 6 TaskStateEntered",
      "8 7 TaskScheduled",
      "9 8 TaskStarted",
      "10 9 TaskFailed",
      "11 10 ExecutionFailed",
      "12 11 ExecutionRedriven",
      "13 7 TaskScheduled",
      "14 13 TaskStarted",
      "15 14 TaskSucceeded",
      "16 15 TaskStateExited",
      "17 16 ExecutionSucceeded",
    ]);
  });

  it("counts the retries of the state anew and tells it when it entered and when it was redriven", async () => {
    const region = failing({ do: 3 });
    const context = {
      retries: "State.RetryCount",
      entered: "State.EnteredTime",
      at: "Execution.RedriveTime",
    };
    const Payload = `{% { ${Object.entries(context)
      .map(([key, path]) => `'${key}': $string($states.context.${path})`)
      .join(", ")} } %}`;
    const Retry = [{ ErrorEquals: ["NotYet"], MaxAttempts: 1, IntervalSeconds: 1 }];
    const { arn } = await region.run({
      StartAt: "Do",
      States: { Do: task("do", { Arguments: { FunctionName: "do", Payload }, Retry }) },
    });

    expect((await redrive(region, arn)).status).toBe("SUCCEEDED");

    const [first, ...others] = region.calls.map((call) => Object(payloadOf(call)));
    expect([first, ...others].map(({ retries }) => retries)).toEqual(["0", "1", "0", "1"]);
    expect(others.every(({ entered }) => entered === first.entered)).toBe(true);
    expect([first, ...others].map(({ at }) => at !== undefined)).toEqual([false, false, true, true]);
  });

  it("runs only the branches of a Parallel state that failed or were aborted, and enters nothing twice", async () => {
    const region = failing({ fails: 1 }, { ok: 100, fails: 500, slow: 5_000 });
    const branch = (name: string) => ({ StartAt: name, States: { [name]: task(name) } });
    const States = { Both: { Type: "Parallel", Branches: ["ok", "fails", "slow"].map(branch), End: true } };
    const { arn, status } = await region.run({ StartAt: "Both", States });

    const redriven = await redrive(region, arn);

    expect(status).toBe("FAILED");
    expect(redriven).toMatchObject({ status: "SUCCEEDED", output: ["ok", "fails", "slow"] });
    expect(called(region).toSorted()).toEqual(["fails", "fails", "ok", "slow", "slow"]);
    const entered = redriven.events.filter(({ type }) => type === "TaskStateEntered");
    const again = redriven.events.filter(
      ({ type, id = 0 }) => type === "TaskScheduled" && id > indexOf(redriven, "ExecutionRedriven"),
    );
    expect(entered).toHaveLength(3);
    expect(again.map(({ previousEventId }) => previousEventId)).toEqual(
      ["fails", "slow"].map((name) => entered.find((one) => one.stateEnteredEventDetails?.name === name)?.id),
    );
    expect(redriven.events.filter(({ type }) => type === "ParallelStateStarted")).toHaveLength(1);
  });

  it("resumes a failed iteration without starting it again, and starts those that were not reached", async () => {
    const region = failing({ "1": 1 });
    const Arguments = { FunctionName: "{% $string($states.input) %}", Payload: {} };
    const { arn } = await region.run({
      StartAt: "Each",
      States: {
        Each: {
          Type: "Map",
          Items: [0, 1, 2],
          MaxConcurrency: 1,
          ItemProcessor: { StartAt: "Item", States: { Item: task("item", { Arguments }) } },
          End: true,
        },
      },
    });

    const { events, output } = await redrive(region, arn);

    expect(output).toEqual(["0", "1", "2"]);
    expect(called(region)).toEqual(["0", "1", "1", "2"]);
    expect(outline(events).slice(indexOf({ events }, "ExecutionRedriven") - 1)).toEqual([
      "20 19 ExecutionRedriven",
      "21 12 TaskScheduled",
      "22 21 TaskStarted",
      "23 22 TaskSucceeded",
      "24 23 TaskStateExited",
      "25 24 MapIterationSucceeded",
      "26 24 MapIterationStarted",
      "27 26 TaskStateEntered",
      "28 27 TaskScheduled",
      "29 28 TaskStarted",
      "30 29 TaskSucceeded",
      "31 30 TaskStateExited",
      "32 31 MapIterationSucceeded",
      "33 32 MapStateSucceeded",
      "34 32 MapStateExited",
      "35 34 ExecutionSucceeded",
    ]);
  });

  it("fails once more where it ended in a Fail state, without entering it again", async () => {
    const region = new TestRegion({});
    const { arn } = await region.run({ StartAt: "No", States: { No: { Type: "Fail", Error: "No" } } });

    const { events, error } = await redrive(region, arn);

    expect(error).toBe("No");
    expect(outline(events).slice(1)).toEqual([
      "2 0 FailStateEntered",
      "3 2 ExecutionFailed",
      "4 3 ExecutionRedriven",
      "5 4 ExecutionFailed",
    ]);
  });
});

describe("an execution that was interrupted", () => {
  const askThenCall = {
    StartAt: "Ask",
    TimeoutSeconds: 30,
    States: {
      Ask: {
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
        Arguments: { FunctionName: "ask", Payload: "{% $states.context.Task.Token %}" },
        Output: "{% $states.result %}",
        End: true,
      },
    },
  };

  it.each(["ABORTED", "TIMED_OUT"])(
    "and %s goes on with a fresh token and the whole time",
    async (status) => {
      const region = failing({});
      const arn = await region.start(await region.machine(askThenCall));
      await region.kernel.runUntil(region.kernel.now + 20_000);
      if (status === "ABORTED") await region.call("StopExecution", { executionArn: arn });
      const interrupted = await region.finish(arn);
      const tokens = () => region.calls.map((call) => String(payloadOf(call)));

      await region.call("RedriveExecution", { executionArn: arn });
      await region.kernel.runUntil(region.kernel.now + 25_000);
      const stale = region.call("SendTaskSuccess", { taskToken: tokens()[0], output: '"stale"' });
      await expect(stale).rejects.toMatchObject({ code: "TaskTimedOut" });
      await region.call("SendTaskSuccess", { taskToken: tokens()[1], output: '"fresh"' });

      expect(interrupted.status).toBe(status);
      expect(await region.finish(arn)).toMatchObject({ status: "SUCCEEDED", output: "fresh" });
    },
  );

  it("times out once more when its second time is over", async () => {
    const region = failing({});
    const { arn, tookMs } = await region.run(askThenCall);
    const redrivenAt = region.kernel.now;

    const { status } = await redrive(region, arn);

    expect([status, tookMs]).toEqual(["TIMED_OUT", 30_000]);
    expect(region.kernel.now - redrivenAt).toBe(30_000);
  });

  it("leaves a Wait state whose moment has passed at once", async () => {
    const region = new TestRegion({});
    const Timestamp = new Date(region.kernel.now + 60_000).toISOString();
    const States = { Until: { Type: "Wait", Timestamp, End: true } };
    const arn = await region.start(await region.machine({ StartAt: "Until", States }));
    await region.kernel.runUntil(region.kernel.now + 10_000);
    await region.call("StopExecution", { executionArn: arn });
    await region.kernel.runUntil(region.kernel.now + 3_600_000);
    const redrivenAt = region.kernel.now;

    expect((await redrive(region, arn)).status).toBe("SUCCEEDED");
    expect(region.kernel.now - redrivenAt).toBeLessThan(1_000);
  });
});

/** Every function answers its name after it has failed as often as its number says. */
function failing(
  failures: Readonly<Record<string, number>>,
  takesMs: Readonly<Record<string, number>> = {},
): TestRegion {
  const left = new Map(Object.entries(failures));
  const region: TestRegion = new TestRegion({
    answers: {
      "lambda:Invoke": async ({ FunctionName }) => {
        const name = String(FunctionName);
        await region.kernel.sleep(takesMs[name] ?? 0);
        const failuresLeft = left.get(name) ?? 0;
        left.set(name, failuresLeft - 1);
        return failuresLeft > 0 ? lambdaFailure("NotYet", "") : lambdaAnswer(name);
      },
    },
  });
  return region;
}

const task = (name: string, more: object = {}) => lambdaTask(name, more);
const called = (region: TestRegion) => region.calls.map(({ input }) => input["FunctionName"]);

async function redrive(region: TestRegion, executionArn: string) {
  await region.call("RedriveExecution", { executionArn });
  return region.finish(executionArn);
}

const indexOf = ({ events }: Pick<Awaited<ReturnType<typeof redrive>>, "events">, wanted: string) =>
  events.find(({ type }) => type === wanted)?.id ?? 0;
