import { describe, expect, it } from "vitest";
import { StepbackError } from "../../../lambdas/contracts/errors.ts";
import { follow } from "../../../lambdas/platform/follow.ts";

interface Answer {
  readonly status: string;
  readonly waitSeconds?: number;
}

/** An invocation of so many seconds, in which looking takes a second each. */
function makeInvocation(seconds: number, answerAt: (second: number) => Answer) {
  let elapsed = 0;
  const looks: number[] = [];
  return {
    looks,
    answer: () =>
      follow(
        async () => {
          looks.push(elapsed);
          const answer = answerAt(elapsed);
          elapsed += 1;
          return answer;
        },
        {
          sleep: async (wait) => {
            elapsed += wait;
          },
          remainingMillis: () => (seconds - elapsed) * 1_000,
        },
      ),
    elapsed: () => elapsed,
  };
}

describe("following", () => {
  it("answers at once when there is nothing to wait for", async () => {
    const invocation = makeInvocation(300, () => ({ status: "done" }));

    expect(await invocation.answer()).toEqual({ status: "done" });
    expect(invocation.looks).toEqual([0]);
  });

  it("notices the end within one wait", async () => {
    const invocation = makeInvocation(300, (second) =>
      second >= 100 ? { status: "done" } : { status: "working", waitSeconds: 5 },
    );

    expect(await invocation.answer()).toEqual({ status: "done" });
    expect(invocation.elapsed() - 100).toBeLessThanOrEqual(6);
  });

  it.each([1, 5, 15, 60])(
    "leaves 40 seconds for answering when it waits %i seconds at a time",
    async (waitSeconds) => {
      const invocation = makeInvocation(300, () => ({ status: "working", waitSeconds }));

      expect(await invocation.answer()).toEqual({ status: "working", waitSeconds });
      expect(invocation.elapsed()).toBeLessThanOrEqual(300 - 40 + 1);
      expect(invocation.elapsed()).toBeGreaterThan(300 - 40 - waitSeconds - 1);
    },
  );

  it("looks once even when the time is nearly over", async () => {
    const invocation = makeInvocation(10, () => ({ status: "working", waitSeconds: 5 }));

    expect(await invocation.answer()).toMatchObject({ status: "working" });
    expect(invocation.looks).toEqual([0]);
  });

  it("passes on what goes wrong while looking", async () => {
    const invocation = makeInvocation(300, () => {
      throw new Error("broken");
    });

    await expect(invocation.answer()).rejects.toThrow("broken");
  });

  it("ends with its last answer when trouble that passes comes after it, so that retries are counted anew", async () => {
    const invocation = makeInvocation(300, (second) => {
      if (second > 10) throw new StepbackError("AwsBusy", "throttled");
      return { status: "working", waitSeconds: 5 };
    });

    expect(await invocation.answer()).toEqual({ status: "working", waitSeconds: 5 });
    expect(invocation.looks).toEqual([0, 6, 12]);
  });

  it("passes on trouble that passes when nothing was seen yet, and every other trouble at any time", async () => {
    const busy = makeInvocation(300, () => {
      throw new StepbackError("AwsBusy", "throttled");
    });
    const lost = makeInvocation(300, (second) => {
      if (second > 0) throw new StepbackError("LockLost", "taken over");
      return { status: "working", waitSeconds: 5 };
    });

    await expect(busy.answer()).rejects.toThrow("throttled");
    await expect(lost.answer()).rejects.toThrow("taken over");
  });
});
