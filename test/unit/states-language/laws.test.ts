import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../../lib/region/kernel/random.ts";
import { retryDelaySeconds } from "../../../lib/region/states-language/retry-book.ts";
import { type Ended, lambdaAnswer, lambdaFailure, lambdaTask, TestRegion } from "./machine-run.ts";

describe("laws of the interpreter", () => {
  it("never waits longer than MaxDelaySeconds, and without jitter never less than before", () => {
    const retriers = fc.record({
      ErrorEquals: fc.constant(["States.ALL"]),
      IntervalSeconds: fc.integer({ min: 1, max: 100 }),
      BackoffRate: fc.double({ min: 1, max: 10, noNaN: true }),
      MaxDelaySeconds: fc.integer({ min: 101, max: 10_000 }),
      JitterStrategy: fc.constantFrom("FULL" as const, "NONE" as const),
    });

    fc.assert(
      fc.property(retriers, fc.integer(), (retrier, seed) => {
        const random = new Random(seed);
        const delays = Array.from({ length: 12 }, (_, used) => retryDelaySeconds(retrier, used, random));

        for (const [index, delay] of delays.entries()) {
          expect(delay).toBeLessThanOrEqual(retrier.MaxDelaySeconds);
          expect(delay).toBeGreaterThanOrEqual(0);
          if (retrier.JitterStrategy === "NONE" && index > 0) {
            expect(delay).toBeGreaterThanOrEqual(delays[index - 1] ?? 0);
          }
        }
      }),
    );
  });

  it("gives as many results as a Map has items, in their order, and never runs more than MaxConcurrency", async () => {
    const items = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 });

    await fc.assert(
      fc.asyncProperty(items, fc.integer({ min: 0, max: 50 }), fc.nat(), async (waits, concurrency, seed) => {
        const region = new TestRegion({ seed });
        const ended = await region.run(
          {
            StartAt: "Each",
            States: {
              Each: {
                Type: "Map",
                MaxConcurrency: concurrency,
                ItemProcessor: {
                  StartAt: "Take time",
                  States: { "Take time": { Type: "Wait", Seconds: "{% $states.input %}", End: true } },
                },
                End: true,
              },
            },
          },
          waits,
        );

        expect(ended.output).toEqual(waits);
        expect(mostOpen(ended.events.map(({ type }) => type ?? ""))).toBeLessThanOrEqual(concurrency || 40);
      }),
      { numRuns: 40 },
    );
  });

  it("never runs a succeeded state again when it is redriven until it succeeds", async () => {
    const plan = fc.array(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 4,
    });

    await fc.assert(
      fc.asyncProperty(plan, fc.nat(), async (branches, seed) => {
        // Every task has a name and fails as often as its number says before it succeeds.
        const failuresLeft = new Map<string, number>();
        const region = new TestRegion({
          seed,
          answers: {
            "lambda:Invoke": ({ FunctionName }) => {
              const left = failuresLeft.get(String(FunctionName)) ?? 0;
              failuresLeft.set(String(FunctionName), left - 1);
              if (left > 0) return lambdaFailure("NotYet", "");
              return lambdaAnswer(FunctionName);
            },
          },
        });
        const groups = branches.map((failures, branch) => chain(failures, branch, failuresLeft));
        const arn = await region.start(
          await region.machine({
            StartAt: "All",
            States: {
              All: { Type: "Parallel", Branches: groups, Next: "After" },
              After: { Type: "Succeed" },
            },
          }),
        );

        let ended = await region.finish(arn);
        for (let redrives = 0; ended.status === "FAILED" && redrives < 50; redrives++) {
          await region.call("RedriveExecution", { executionArn: arn });
          ended = await region.finish(arn);
        }

        const names = branches.flatMap((failures, branch) =>
          failures.map((_, index) => `${branch}-${index}`),
        );
        expect(ended.status).toBe("SUCCEEDED");
        expect(passed(ended, "TaskStateEntered")).toEqual(names.toSorted());
        expect(passed(ended, "TaskStateExited")).toEqual(names.toSorted());
        expect(ended.output).toEqual(branches.map((failures, branch) => `${branch}-${failures.length - 1}`));
      }),
      { numRuns: 60 },
    );
  });

  it("enters and leaves every state once however often it is stopped and redriven", async () => {
    const stops = fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 8 });
    const shape = { branches: fc.integer({ min: 1, max: 3 }), length: fc.integer({ min: 1, max: 3 }) };

    await fc.assert(
      fc.asyncProperty(fc.record(shape), stops, fc.nat(), async ({ branches, length }, afterMs, seed) => {
        const region = new TestRegion({
          seed,
          answers: { "lambda:Invoke": ({ FunctionName }) => lambdaAnswer(FunctionName) },
        });
        const group = (_: unknown, branch: number) => chain(Array(length).fill(0), branch, new Map());
        const Each = {
          Type: "Map",
          Items: [0, 1, 2],
          MaxConcurrency: 2,
          ItemProcessor: {
            StartAt: "Item",
            States: { Item: lambdaTask("item", { Next: "Rest", End: undefined }), Rest },
          },
          End: true,
        };
        const States = {
          All: { Type: "Parallel", Branches: Array.from({ length: branches }, group), Next: "Each" },
          Each,
        };
        const arn = await region.start(await region.machine({ StartAt: "All", States }));

        for (const delay of afterMs) {
          await region.kernel.runUntil(region.kernel.now + delay);
          await region.call("StopExecution", { executionArn: arn });
          if (region.states.executions.get(arn).status === "SUCCEEDED") break;
          await region.call("RedriveExecution", { executionArn: arn });
        }
        const ended = await region.finish(arn);

        const tasks = Array.from({ length: branches }, (_, branch) =>
          Array.from({ length }, (_, index) => `${branch}-${index}`),
        ).flat();
        const once = [...tasks, "All", "Each", "Item", "Item", "Item", "Rest", "Rest", "Rest"].toSorted();
        expect(ended).toMatchObject({ status: "SUCCEEDED", output: ["item", "item", "item"] });
        expect(passed(ended, "StateEntered")).toEqual(once);
        expect(passed(ended, "StateExited")).toEqual(once);
        expect(ended.events.filter(({ type }) => type === "MapIterationStarted")).toHaveLength(3);
      }),
      { numRuns: 60 },
    );
  });
});

const Rest = { Type: "Wait", Seconds: 1, End: true };

/** The names of the states that such events tell of, sorted. */
function passed({ events }: Pick<Ended, "events">, type: string): (string | undefined)[] {
  return events
    .filter((event) => event.type?.endsWith(type))
    .map((event) => (event.stateEnteredEventDetails ?? event.stateExitedEventDetails)?.name)
    .toSorted();
}

function chain(failures: readonly number[], branch: number, failuresLeft: Map<string, number>): object {
  const name = (index: number) => `${branch}-${index}`;
  const states = failures.map((count, index) => {
    failuresLeft.set(name(index), count);
    const next = index + 1 < failures.length ? { Next: name(index + 1), End: undefined } : {};
    return [name(index), lambdaTask(name(index), next)] as const;
  });
  return { StartAt: name(0), States: Object.fromEntries(states) };
}

function mostOpen(types: readonly string[]): number {
  let open = 0;
  let most = 0;
  for (const type of types) {
    if (type === "MapIterationStarted") most = Math.max(most, ++open);
    if (type === "MapIterationSucceeded") open--;
  }
  return most;
}
