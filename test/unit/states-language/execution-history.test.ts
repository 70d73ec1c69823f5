import { describe, expect, it } from "vitest";
import { outline, TestRegion } from "./machine-run.ts";

const pass = (more: object) => ({ Type: "Pass", End: true, ...more });
const only = (state: object) => ({ StartAt: "Only", States: { Only: state } });

describe("ExecutionHistory", () => {
  it("ends with the error of an expression that yields nothing, in the words of AWS", async () => {
    const ended = await new TestRegion({}).run(only(pass({ Output: { x: "{% $states.input.no %}" } })));

    expect(ended).toMatchObject({
      status: "FAILED",
      error: "States.QueryEvaluationError",
      cause:
        "An error occurred while executing the state 'Only' (entered at the event id #2). " +
        "The JSONata expression '$states.input.no' specified for the field 'Output/x' returned nothing (undefined).",
    });
    expect(outline(ended.events)).toEqual([
      "1 0 ExecutionStarted",
      "2 0 PassStateEntered",
      "3 0 EvaluationFailed",
      "4 3 ExecutionFailed",
    ]);
  });

  it("numbers the events of a Map with one iteration at a time as AWS does", async () => {
    const ended = await new TestRegion({}).run(
      only({
        Type: "Map",
        Items: [1, 2],
        MaxConcurrency: 1,
        ItemProcessor: { StartAt: "Process", States: { Process: pass({}) } },
        End: true,
      }),
    );

    expect(outline(ended.events)).toEqual([
      "1 0 ExecutionStarted",
      "2 0 MapStateEntered",
      "3 2 MapStateStarted",
      "4 3 MapIterationStarted",
      "5 4 PassStateEntered",
      "6 5 PassStateExited",
      "7 6 MapIterationSucceeded",
      "8 6 MapIterationStarted",
      "9 8 PassStateEntered",
      "10 9 PassStateExited",
      "11 10 MapIterationSucceeded",
      "12 11 MapStateSucceeded",
      "13 11 MapStateExited",
      "14 13 ExecutionSucceeded",
    ]);
  });

  it("ends with event 25,000 when a loop never does", async () => {
    const ended = await new TestRegion({}).run({
      StartAt: "Loop",
      States: {
        Loop: { Type: "Choice", Choices: [{ Condition: true, Next: "Loop" }], Default: "Out" },
        Out: { Type: "Succeed" },
      },
    });

    expect(ended).toMatchObject({
      status: "FAILED",
      error: "States.Runtime",
      cause: "The execution reached the maximum number of history events (25000).",
    });
    expect(outline(ended.events).at(-1)).toBe("25000 24999 ExecutionFailed");
  });
});
