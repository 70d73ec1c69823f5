import { describe, expect, it } from "vitest";
import { lambdaAnswer, outline, payloadOf, TestRegion } from "./machine-run.ts";

const asking = (more: object = {}) => ({
  StartAt: "Ask",
  States: {
    Ask: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
      Arguments: { FunctionName: "ask", Payload: { token: "{% $states.context.Task.Token %}" } },
      TimeoutSeconds: 3_600,
      End: true,
      ...more,
    },
  },
});

/** A region in which an execution waits for its token; `token` is what the function was given. */
async function waiting(more: object = {}) {
  const region = new TestRegion({ answers: { "lambda:Invoke": () => lambdaAnswer({ asked: true }) } });
  const arn = await region.start(await region.machine(asking(more)));
  await region.kernel.runUntil(region.kernel.now + 10_000);
  const [call] = region.calls;
  const { token } = Object(call && payloadOf(call)) as { token: string };
  return { region, arn, token };
}

describe("a task that waits for its token", () => {
  it("takes the output of SendTaskSuccess as its result", async () => {
    const { region, arn, token } = await waiting();

    await region.call("SendTaskSuccess", { taskToken: token, output: '{"approved":true}' });
    const ended = await region.finish(arn);

    expect(ended).toMatchObject({ status: "SUCCEEDED", output: { approved: true } });
    expect(outline(ended.events).slice(2, 7)).toEqual([
      "3 2 TaskScheduled",
      "4 3 TaskStarted",
      "5 4 TaskSubmitted",
      "6 5 TaskSucceeded",
      "7 6 TaskStateExited",
    ]);
  });

  it("fails as SendTaskFailure says", async () => {
    const { region, arn, token } = await waiting();

    await region.call("SendTaskFailure", { taskToken: token, error: "Rejected", cause: "not tonight" });

    expect(await region.finish(arn)).toMatchObject({
      status: "FAILED",
      error: "Rejected",
      cause: "not tonight",
    });
  });

  it("takes an answer only once", async () => {
    const { region, arn, token } = await waiting();

    await region.call("SendTaskSuccess", { taskToken: token, output: "1" });
    await region.finish(arn);

    await expect(region.call("SendTaskSuccess", { taskToken: token, output: "2" })).rejects.toMatchObject({
      code: "TaskTimedOut",
    });
    await expect(region.call("SendTaskHeartbeat", { taskToken: "never issued" })).rejects.toMatchObject({
      code: "InvalidToken",
    });
  });

  it("times out after TimeoutSeconds, and its token with it", async () => {
    const { region, arn, token } = await waiting();

    const ended = await region.finish(arn);

    expect(ended).toMatchObject({ status: "FAILED", error: "States.Timeout" });
    expect(Math.round(ended.tookMs / 1_000)).toBe(3_600);
    await expect(region.call("SendTaskHeartbeat", { taskToken: token })).rejects.toMatchObject({
      code: "TaskTimedOut",
    });
  });

  it("lives as long as heartbeats come, and no longer", async () => {
    const { region, arn, token } = await waiting({ HeartbeatSeconds: 60 });

    for (let beat = 0; beat < 5; beat++) {
      await region.kernel.runUntil(region.kernel.now + 50_000);
      await region.call("SendTaskHeartbeat", { taskToken: token });
    }
    const beatUntil = region.kernel.now;
    const ended = await region.finish(arn);

    expect(ended).toMatchObject({ status: "FAILED", error: "States.HeartbeatTimeout" });
    expect(region.kernel.now - beatUntil).toBe(60_000);
  });

  it("asks for permission on the machine that the token belongs to", async () => {
    const { region, token } = await waiting();

    const authorize = region.states.model.operations.get("SendTaskSuccess")?.authorize;
    const call = {
      service: "states",
      operation: "SendTaskSuccess",
      principal: { arn: "a", type: "user" },
      requestId: "r",
    } as const;

    expect(authorize?.({ taskToken: token } as never, call)).toEqual([
      {
        action: "states:SendTaskSuccess",
        resource: "arn:aws:states:eu-west-1:111122223333:stateMachine:machine",
      },
    ]);
  });
});
