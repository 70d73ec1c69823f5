import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../../lib/region/kernel/random.ts";
import { retryDelaySeconds } from "../../../lib/region/states-language/retry-book.ts";
import { lambdaAnswer, lambdaFailure, lambdaTask, TestRegion } from "./machine-run.ts";

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
        const passed = (type: string) =>
          ended.events
            .filter((event) => event.type === `TaskState${type}`)
            .map((event) => (event.stateEnteredEventDetails ?? event.stateExitedEventDetails)?.name)
            .toSorted();
        expect(ended.status).toBe("SUCCEEDED");
        expect(passed("Entered")).toEqual(names.toSorted());
        expect(passed("Exited")).toEqual(names.toSorted());
        expect(ended.output).toEqual(branches.map((failures, branch) => `${branch}-${failures.length - 1}`));
      }),
      { numRuns: 60 },
    );
  });
});

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
