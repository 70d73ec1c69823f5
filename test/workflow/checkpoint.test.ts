import { describe, expect, it } from "vitest";
import { StepbackError } from "../../lambdas/contracts/errors.ts";
import { makeEnvironment } from "../support/make-environment.ts";
import {
  lambdaAnswer,
  lambdaFailure,
  type Made,
  payloadOf,
  TestRegion,
} from "../unit/states-language/machine-run.ts";
import { definitionOf } from "./perform.ts";
import { entered, statesOf, transitionsOf, transitionsTaken } from "./transitions.ts";

const environment = makeEnvironment();
const definition = definitionOf(environment, "Checkpoint");

describe("a checkpoint", () => {
  it("is recorded, bakes as long as the policy says, and is judged", async () => {
    const { ended, calls } = await record(() => ({ status: "recorded", checkpointId: "c-7" }));

    expect(ended.status).toBe("SUCCEEDED");
    expect(ended.output).toEqual({ status: "proven", because: "quiet" });
    expect(calls.map(payloadOf)).toEqual([{ environment }, { environment, checkpointId: "c-7" }]);
    const [first, second] = calls.map(({ at }) => at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(environment.policy.bakeMinutes * 60_000);
    expect((second ?? 0) - (first ?? 0)).toBeLessThan(environment.policy.bakeMinutes * 60_000 + 2_000);
  });

  it.each(["unchanged", "in-flight"])("that is %s ends at once and judges nothing", async (status) => {
    const { ended, calls } = await record(() => ({ status, checkpointId: "" }));

    expect(ended.status).toBe("SUCCEEDED");
    expect(entered(ended.events)).toEqual(["Record checkpoint", "Anything new?", "Nothing new"]);
    expect(calls).toHaveLength(1);
  });

  it("that cannot be recorded fails the execution with the step's own error, and judges nothing", async () => {
    const { ended, calls } = await record(() => {
      throw new StepbackError("LedgerCorrupt", "Cannot read checkpoint 7.");
    });

    expect([ended.status, ended.error]).toEqual(["FAILED", "LedgerCorrupt"]);
    expect(calls).toHaveLength(1);
  });

  it("is recorded by a step that is tried again while AWS is busy", async () => {
    const { ended, calls } = await record((earlier) => {
      if (earlier < 2) throw new StepbackError("AwsBusy", "Throttled.");
      return { status: "unchanged", checkpointId: "c-7" };
    });

    expect([ended.status, calls.length]).toEqual(["SUCCEEDED", 3]);
  });

  it("takes every way there is", async () => {
    const seen = await Promise.all(
      ["recorded", "unchanged"].map((status) => record(() => ({ status, checkpointId: "c-7" }))),
    );

    const taken = seen.flatMap(({ ended }) => transitionsTaken(ended.events));
    expect(transitionsOf(definition).filter((transition) => !taken.includes(transition))).toEqual([]);
    expect(statesOf(definition)).toHaveLength(6);
  });
});

/** Runs the checkpoint machine with a literal recorder; the judge always finds it proven. */
async function record(recorder: (earlier: number) => object) {
  const region = new TestRegion({
    answers: {
      "lambda:Invoke": ({ FunctionName }, earlier) => {
        if (String(FunctionName).includes("JudgeCheckpoint"))
          return lambdaAnswer({ status: "proven", because: "quiet" });
        try {
          return lambdaAnswer(recorder(earlier));
        } catch (error) {
          if (error instanceof StepbackError) return lambdaFailure(error.name, error.message);
          throw error;
        }
      },
    },
  });
  const ended = await region.run(definition, { event: { id: "e" } });
  const calls: readonly Made[] = region.calls;
  return { ended, calls };
}
