import { describe, expect, it } from "vitest";
import { makePlanned } from "./make-planned.ts";
import { done, failed, isForward, type Performance, perform, WAITING, working } from "./perform.ts";

/** Twenty components in five waves of four: more than any environment we know of. */
const names = Array.from({ length: 20 }, (_, index) => `service-number-${String.fromCharCode(97 + index)}`);
const fiveWaves = [0, 4, 8, 12, 16].map((first) => names.slice(first, first + 4));

/** A mover follows its deployment for the 5 minutes of its function less 40 s, then asks to be called again. */
const SLOW_MS = 260_000;
/** [AWS quotas page: "Maximum execution history size: 25,000 events"] */
const HISTORY_LIMIT = 25_000;

describe("the data of a rollback", () => {
  const fails = (request: Parameters<typeof failed>[0]) => failed(request);
  it.each([
    ["moves", { waves: fiveWaves }, done, 20],
    ["fails to move", { waves: fiveWaves, dependsOn: {} }, fails, 20],
    ["leaves out most of", { waves: fiveWaves }, fails, 4],
  ])("stays within 32 KB when it %s twenty components", async (_, wish, move, count) => {
    const seen = await perform({
      plan: () => makePlanned({ ...wish, onFailure: "continue" }),
      move,
    });

    expect(seen.moved.filter(isForward)).toHaveLength(count);
    expect(largestState(seen)).toBeLessThanOrEqual(32 * 1024);
  });

  it("stays within 64 KB in the variables, where the plan of twenty components travels", async () => {
    const seen = await perform({ plan: () => makePlanned({ waves: fiveWaves }) });

    const variables = seen.events.flatMap(({ stateExitedEventDetails }) =>
      Object.values(stateExitedEventDetails?.assignedVariables ?? {}),
    );
    expect(Math.max(...variables.map((value) => value.length))).toBeLessThanOrEqual(64 * 1024);
  });
});

describe("the history of a rollback", () => {
  it("fits when twenty components together are slow for six hours, and then it is over", async () => {
    const seen = await perform({
      plan: () => makePlanned({ waves: [names] }),
      move: async ({ move }, { kernel }) => {
        await kernel.sleep(SLOW_MS);
        return working(move.component);
      },
    });

    expect(seen.status).toBe("TIMED_OUT");
    expect(seen.tookMs).toBe(6 * 3_600_000);
    expect(seen.events.length).toBeGreaterThan(10_000);
    expect(seen.events.length).toBeLessThan(HISTORY_LIMIT);
  });

  it("fits when every wave, every call and the alarms are slow, and it still recovers", async () => {
    const seen = await perform({
      plan: () => makePlanned({ waves: fiveWaves }),
      move: async (request, { turn, kernel }) => {
        await kernel.sleep(SLOW_MS);
        return turn < 9 ? working(request.move.component) : done(request);
      },
      verify: async ({ turn, kernel }) => {
        await kernel.sleep(SLOW_MS);
        return turn < 20 ? WAITING : { ...WAITING, status: "recovered", open: [] };
      },
    });

    expect(seen.status).toBe("SUCCEEDED");
    expect(seen.tookMs).toBeGreaterThan(5 * 3_600_000);
    expect(seen.events.length).toBeLessThan(HISTORY_LIMIT);
  });
});

function largestState({ events }: Performance): number {
  const sizes = events.flatMap(({ stateEnteredEventDetails, stateExitedEventDetails }) => [
    stateEnteredEventDetails?.input?.length ?? 0,
    stateExitedEventDetails?.output?.length ?? 0,
  ]);
  return Math.max(...sizes);
}
