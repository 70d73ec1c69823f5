import { describe, expect, it } from "vitest";
import { type Answers, lambdaAnswer, lambdaTask, payloadOf, TestRegion } from "./machine-run.ts";

const pass = (more: object) => ({ Type: "Pass", End: true, ...more });
const only = (state: object) => ({ StartAt: "Only", States: { Only: state } });

const cases: readonly {
  readonly title: string;
  readonly definition: object;
  readonly input?: unknown;
  readonly output: unknown;
}[] = [
  { title: "passes the input on", definition: only(pass({})), input: { a: 1 }, output: { a: 1 } },
  {
    title: "evaluates expressions at any depth and leaves literals alone",
    definition: only(
      pass({ Output: { a: ["{% $states.input.n + 1 %}", "n"], b: { c: "{% $count([1,2]) %}" } } }),
    ),
    input: { n: 1 },
    output: { a: [2, "n"], b: { c: 2 } },
  },
  {
    title: "assigns with the variables as they were on entry",
    definition: {
      StartAt: "One",
      States: {
        One: { Type: "Pass", Assign: { a: 1, b: 10 }, Next: "Two" },
        Two: { Type: "Pass", Assign: { a: "{% $b %}", b: "{% $a %}" }, Output: "{% $a %}", Next: "Three" },
        Three: pass({ Output: "{% [$states.input, $a, $b] %}" }),
      },
    },
    output: [1, 10, 1],
  },
  {
    title: "takes the first rule that holds, with its own Assign and Output",
    definition: {
      StartAt: "Which?",
      States: {
        "Which?": {
          Type: "Choice",
          Choices: [
            { Condition: "{% $states.input.n > 10 %}", Next: "End" },
            {
              Condition: "{% $states.input.n > 1 %}",
              Next: "End",
              Assign: { size: "middle" },
              Output: "chosen",
            },
            { Condition: true, Next: "End" },
          ],
          Default: "End",
        },
        End: pass({ Output: "{% [$states.input, $size] %}" }),
      },
    },
    input: { n: 5 },
    output: ["chosen", "middle"],
  },
  {
    title: "takes the default with the state's Assign and Output",
    definition: {
      StartAt: "Which?",
      States: {
        "Which?": {
          Type: "Choice",
          Choices: [{ Condition: "{% false %}", Next: "End" }],
          Default: "End",
          Assign: { way: "default" },
          Output: 7,
        },
        End: pass({ Output: "{% [$states.input, $way] %}" }),
      },
    },
    output: [7, "default"],
  },
  {
    title: "gives every branch the same input and their outputs in order",
    definition: only({
      Type: "Parallel",
      Arguments: { n: "{% $states.input.n * 2 %}" },
      Branches: [
        { StartAt: "Slow", States: { Slow: { Type: "Wait", Seconds: 9, Output: "slow", End: true } } },
        { StartAt: "Fast", States: { Fast: pass({ Output: "{% $states.input.n %}" }) } },
      ],
      End: true,
    }),
    input: { n: 4 },
    output: ["slow", 8],
  },
  {
    title: "lets an iteration read outer variables, keeps its own to itself and knows its item",
    definition: {
      StartAt: "Before",
      States: {
        Before: { Type: "Pass", Assign: { factor: 10 }, Next: "Each" },
        Each: {
          Type: "Map",
          Items: "{% $states.input.list %}",
          ItemSelector: {
            value: "{% $states.context.Map.Item.Value * $factor %}",
            index: "{% $states.context.Map.Item.Index %}",
          },
          MaxConcurrency: "{% 1 + 1 %}",
          ItemProcessor: {
            StartAt: "Keep",
            States: {
              Keep: { Type: "Pass", Assign: { own: "{% $states.input.value %}" }, Next: "Add" },
              Add: pass({ Output: "{% $own + $states.context.Map.Item.Index %}" }),
            },
          },
          End: true,
        },
      },
    },
    input: { list: [1, 2, 3] },
    output: [10, 21, 32],
  },
  {
    title: "offers the functions that Step Functions adds",
    definition: only({
      Type: "Succeed",
      Output: {
        chunks: "{% $partition([1,2,3], 2) %}",
        range: "{% $range(1, 7, 3) %}",
        hash: "{% $hash('a', 'SHA-256') %}",
        parsed: "{% $parse('{\"x\":1}').x %}",
        seeded: "{% $random(7) = $random(7) %}",
        uuid: "{% $length($uuid()) %}",
        now: "{% $toMillis($now()) = $millis() and $fromMillis($millis(), '[Y0001]') = '2026' %}",
      },
    }),
    output: {
      chunks: [[1, 2], [3]],
      range: [1, 4, 7],
      hash: "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
      parsed: 1,
      seeded: true,
      uuid: 36,
      now: true,
    },
  },
];

describe("Interpreter", () => {
  it.each(cases)("$title", async ({ definition, input, output }) => {
    const ended = await new TestRegion({}).run(definition, input);

    expect(ended).toMatchObject({ status: "SUCCEEDED", output });
  });

  it("waits in virtual time, for seconds and until a moment", async () => {
    const region = new TestRegion({});
    const until = new Date(region.kernel.now + 7_200_000).toISOString();

    const ended = await region.run(
      {
        StartAt: "Some",
        States: {
          Some: { Type: "Wait", Seconds: "{% $states.input.seconds %}", Next: "Until" },
          Until: { Type: "Wait", Timestamp: until, Next: "Past" },
          Past: { Type: "Wait", Timestamp: "2020-01-01T00:00:00Z", End: true },
        },
      },
      { seconds: 3_600 },
    );

    expect(ended.status).toBe("SUCCEEDED");
    expect(ended.tookMs).toBeGreaterThan(7_200_000);
    expect(ended.tookMs).toBeLessThan(7_200_200);
  });

  it("gives a function the role's session, the payload and the context of the execution", async () => {
    const answers: Answers = { "lambda:Invoke": () => lambdaAnswer({ done: true }) };
    const region = new TestRegion({ answers });

    const ended = await region.run(
      only(
        lambdaTask("plan", {
          Arguments: {
            FunctionName: "plan",
            Payload: {
              id: "{% $states.context.Execution.Name %}",
              retries: "{% $states.context.State.RetryCount %}",
            },
          },
        }),
      ),
    );

    const [call] = region.calls;
    const name = ended.arn.split(":").at(-1);
    expect(ended.output).toEqual({ done: true });
    expect(call).toMatchObject({
      principal: { type: "role", session: name },
      input: { FunctionName: "plan" },
    });
    expect(call && payloadOf(call)).toEqual({ id: name, retries: 0 });
  });

  it("fails with the Fail state's evaluated error and cause", async () => {
    const ended = await new TestRegion({}).run(
      only({ Type: "Fail", Error: "{% $states.input.e %}", Cause: "because" }),
      { e: "Broken" },
    );

    expect(ended).toMatchObject({ status: "FAILED", error: "Broken", cause: "because" });
  });

  it("refuses an output beyond 256 KiB", async () => {
    const ended = await new TestRegion({}).run(only(pass({ Output: "{% $pad('', 262144, 'x') %}" })));

    expect(ended).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" });
  });
});
