import { describe, expect, it } from "vitest";
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
});
