import { describe, expect, it } from "vitest";
import { StepbackError } from "../../lambdas/contracts/errors.ts";
import { AwsError } from "../../lib/region/service-model.ts";
import { lambdaAnswer, lambdaFailure, payloadOf, TestRegion } from "../unit/states-language/machine-run.ts";
import { definitionOf } from "./perform.ts";
import { entered, statesOf, transitionsOf, transitionsTaken } from "./transitions.ts";

const definition = definitionOf(undefined, "CleanUp");
const MINUTE = 60_000;

const detail = {
  executionArn: "arn:aws:states:eu-west-1:111122223333:execution:stepback-example-rollback:run-1",
  ...{ name: "run-1", status: "ABORTED", error: null, startDate: 1_795_000_000_000 },
};

const afterEnd = {
  event: { detail },
  finish: null,
  complete: null,
  execution: expect.stringContaining(":execution:"),
};

/** Runs the machine after such an event, with a function that answers or throws by how often it was asked before. */
async function cleanUp(
  answer: (earlier: number) => object,
  more: object = {},
  publish = () => ({}),
  input: object = { id: "e", detail: { ...detail, ...more } },
) {
  const region = new TestRegion({
    answers: {
      "lambda:Invoke": (_, earlier) => {
        try {
          return lambdaAnswer(answer(earlier));
        } catch (error) {
          if (error instanceof StepbackError) return lambdaFailure(error.name, error.message);
          throw error;
        }
      },
      "sns:Publish": publish,
    },
  });
  const ended = await region.run(definition, input);
  const made = (operation: string) => region.calls.filter((call) => call.operation === operation);
  return { ended, calls: made("Invoke"), told: made("Publish").map(({ input }) => input) };
}

describe("the clean-up machine", () => {
  it("calls its function until everything is put back, and counts", async () => {
    const { ended, calls } = await cleanUp((earlier) => ({ finished: earlier === 2 }));

    expect(ended.status).toBe("SUCCEEDED");
    expect(calls.map(payloadOf)).toEqual([0, 1, 2].map((looks) => ({ ...afterEnd, looks })));
  });

  it("is through at once after a rollback that left nothing behind", async () => {
    const { ended } = await cleanUp(() => ({ finished: true }));

    expect(entered(ended.events)).toEqual([
      "Something is left",
      "Clean up",
      "Is everything put back?",
      "Cleaned up",
    ]);
  });

  it("fails at once on an input that it does not understand: nobody waits half an hour for that sentence", async () => {
    const misread = () => {
      throw new StepbackError("BadRequest", "finish.rollbackId is missing.");
    };
    const { ended, calls } = await cleanUp(misread, {}, undefined, { finish: {} });

    expect(ended).toMatchObject({ status: "FAILED", error: "BadRequest" });
    expect(calls).toHaveLength(1);
  });

  it("carries nothing of the execution's own input, and an error that is told", async () => {
    const { calls } = await cleanUp(() => ({ finished: true }), {
      input: "x".repeat(200_000),
      error: "Failed",
    });

    const event = { detail: { ...detail, error: "Failed" } };
    expect(calls.map(payloadOf)).toEqual([{ ...afterEnd, event, looks: 0 }]);
  });

  it("needs no word about an error in the event", async () => {
    const { calls } = await cleanUp(() => ({ finished: true }), { error: undefined });

    const { error: _, ...rest } = detail;
    expect(calls.map(payloadOf)).toEqual([{ ...afterEnd, event: { detail: rest }, looks: 0 }]);
  });

  it("carries a person's wish to finish a rollback, and its own name: the lock is taken under it", async () => {
    const finish = { rollbackId: "rb-1", asItIs: false };
    const { calls } = await cleanUp(() => ({ finished: true }), {}, undefined, { finish });

    expect(calls.map(payloadOf)).toEqual([{ ...afterEnd, event: null, finish, looks: 0 }]);
  });

  it("tries whatever fails once a minute for half an hour, and then fails: an alarm says so", async () => {
    const { ended, calls } = await cleanUp(() => {
      throw new StepbackError("NotAllowed", "Access to dynamodb:GetItem is denied.");
    });

    expect([ended.status, ended.error, calls.length]).toEqual(["FAILED", "NotAllowed", 31]);
    const [first = 0, last = 0] = [calls[0]?.at, calls.at(-1)?.at];
    expect(last - first).toBeGreaterThan(28 * MINUTE);
    expect(last - first).toBeLessThan(32 * MINUTE);
  });

  it("outlasts an outage of two hours, and tells people every half an hour that it goes on", async () => {
    const { ended, calls, told } = await cleanUp((earlier) => {
      if (earlier < 120) throw new StepbackError("AwsBusy", "DynamoDB did not answer properly.");
      return { finished: true };
    });

    expect(ended.status).toBe("SUCCEEDED");
    const [first = 0, last = 0] = [calls[0]?.at, calls.at(-1)?.at];
    expect(last - first).toBeGreaterThan(105 * MINUTE);
    expect(told.map(({ Subject }) => Subject)).toEqual(
      Array.from({ length: 3 }, () => "Clean-up of example is waiting for AWS"),
    );
    expect(told[0]?.["Message"]).toContain(`It is about ${detail.executionArn}`);
  });

  it("asks for what a rollback lacks at once and then every ten minutes, under a count of its own, until that is done", async () => {
    const { ended, calls } = await cleanUp((earlier) =>
      earlier === 0 ? { finished: true, incomplete: "rb-7" } : { finished: earlier === 3 },
    );

    expect(ended.status).toBe("SUCCEEDED");
    const completing = { event: null, finish: null, complete: "rb-7", execution: afterEnd.execution };
    expect(calls.slice(1).map(payloadOf)).toEqual([0, 1, 2].map((looks) => ({ ...completing, looks })));
    const pauses = calls.slice(1).map(({ at }, index) => at - (calls[index]?.at ?? 0));
    expect(pauses.map((pause) => Math.round(pause / MINUTE))).toEqual([0, 10, 10]);
  });

  it("takes every way there is", async () => {
    const busyAtFirst = (earlier: number) => {
      if (earlier < 31) throw new StepbackError("AwsBusy", "DynamoDB did not answer properly.");
      return { finished: earlier === 32 };
    };
    const silent = (): never => {
      throw new AwsError("InternalError", "SNS is down", 500);
    };
    const busyLater = (earlier: number) => {
      if (earlier === 0) return { finished: true, incomplete: "rb-7" };
      if (earlier < 33) throw new StepbackError("AwsBusy", "RDS did not answer properly.");
      return { finished: earlier === 34 };
    };
    const ends = [
      await cleanUp(busyAtFirst),
      await cleanUp(busyAtFirst, {}, silent),
      await cleanUp(busyLater),
    ];

    const taken = ends.flatMap(({ ended }) => transitionsTaken(ended.events));
    expect(transitionsOf(definition).filter((transition) => !taken.includes(transition))).toEqual([]);
    expect(statesOf(definition)).toHaveLength(8);
  });
});
