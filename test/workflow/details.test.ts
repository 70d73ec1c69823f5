import { describe, expect, it } from "vitest";
import { StepbackError } from "../../lambdas/contracts/errors.ts";
import { PlannedRollback } from "../../lambdas/contracts/plan.ts";
import { AwsError } from "../../lib/region/service-model.ts";
import { makeEnvironment } from "../support/make-environment.ts";
import { ASK, makePlanned } from "./make-planned.ts";
import { done, type Performance, perform, working } from "./perform.ts";
import { entered } from "./transitions.ts";

const minutes = (count: number) => count * 60_000;

describe("planning", () => {
  it("is given the request as it came, the environment as deployed, and the execution", async () => {
    const given: unknown[] = [];

    const { arn } = await perform({ plan: noting(given) }, { input: { any: "thing" } });

    expect(given).toEqual([
      {
        request: { any: "thing" },
        environment: makeEnvironment(),
        execution: { id: arn, name: arn.split(":").at(-1), startedAt: "2026-11-21T12:00:00.000Z" },
      },
    ]);
  });

  it("sees of an oversized request only how large it is", async () => {
    const given: unknown[] = [];
    const input = { reason: "x".repeat(40_000) };

    await perform({ plan: noting(given) }, { input });

    expect(given).toMatchObject([{ request: `an input of ${JSON.stringify(input).length} characters` }]);
  });

  it("is tried again while AWS is busy, and not when it is broken", async () => {
    const asked = { busy: 0, broken: 0 };
    const busy = await perform({
      plan: () => {
        if (asked.busy++ < 10) throw new StepbackError("AwsBusy", "Throttled; try again.");
        return makePlanned();
      },
    });
    const broken = await perform({
      plan: () => {
        asked.broken++;
        throw new StepbackError("LedgerCorrupt", "Cannot read checkpoint 7: repair the item.");
      },
    });

    expect([busy.status, asked.busy]).toEqual(["SUCCEEDED", 11]);
    expect([broken.status, asked.broken]).toEqual(["FAILED", 1]);
    expect(broken.cause).toBe(
      "Nothing was changed. LedgerCorrupt: Cannot read checkpoint 7: repair the item.",
    );
    expect(broken.told).toMatchObject([{ subject: "Look now: a rollback of example could not start" }]);
    expect(broken.told[0]?.message).toContain("Cannot read checkpoint 7");
  });
});

describe("what people read of an error", () => {
  it.each([
    [
      'Cannot read "7": its "status" is missing; repair it.',
      "Cannot read '7': its 'status' is missing; repair it.",
    ],
    ["Cannot read C:\\ledger.", "Cannot read C:\\\\ledger."],
    ["Two\nlines.", "Two\\nlines."],
  ])("is the whole of %j", async (message, read) => {
    const { cause } = await perform({
      plan: () => {
        throw new StepbackError("LedgerCorrupt", message);
      },
    });

    expect(cause).toBe(`Nothing was changed. LedgerCorrupt: ${read}`);
  });
});

describe("the lock", () => {
  it("is asked for again while its table is down, and once when somebody holds it", async () => {
    const asked = { InternalServerError: 0, ServiceUnavailable: 0, ConditionalCheckFailedException: 0 };
    for (const code of [
      "InternalServerError",
      "ServiceUnavailable",
      "ConditionalCheckFailedException",
    ] as const) {
      const lock = () => {
        asked[code]++;
        throw new AwsError(code, "no", 500);
      };
      await perform({ lock });
    }

    expect(asked).toEqual({
      InternalServerError: 15,
      ServiceUnavailable: 15,
      ConditionalCheckFailedException: 1,
    });
  });

  it("gives its fencing number to everything that moves", async () => {
    const { moved } = await perform();

    expect(moved.map(({ fence, rollbackId }) => [fence, rollbackId])).toEqual([
      [17, "rb-20261121-120000-3f2a9c1d"],
      [17, "rb-20261121-120000-3f2a9c1d"],
    ]);
  });
});

describe("the waves", () => {
  it("go one after the other, the components of one together", async () => {
    const times = new Map<string, readonly [begun: number, ended: number]>();
    await perform({
      plan: () => makePlanned({ waves: [["api", "worker"], ["web"]] }),
      move: async (request, { kernel }) => {
        const begun = kernel.now;
        await kernel.sleep(minutes(1));
        times.set(request.move.component, [begun, kernel.now]);
        return done(request);
      },
    });

    const [api = [0, 0], worker = [0, 0], web = [0, 0]] = ["api", "worker", "web"].map((name) =>
      times.get(name),
    );
    expect(Math.abs(api[0] - worker[0])).toBeLessThan(1_000);
    expect(web[0]).toBeGreaterThan(Math.max(api[1], worker[1]));
  });

  it("wait as long as the component asks for before they ask again", async () => {
    const times: number[] = [];
    await perform({
      plan: () => makePlanned({ waves: [["api"]] }),
      move: (request, { turn, kernel }) => {
        times.push(kernel.now);
        return turn < 1 ? { ...working("api"), waitSeconds: 47 } : done(request);
      },
    });

    const [first = 0, second = 0] = times;
    expect(second - first).toBeGreaterThan(47_000);
    expect(second - first).toBeLessThan(48_000);
  });

  it("ask again at once where the component asks for a few seconds: they are not worth a state", async () => {
    const { events } = await perform({
      plan: () => makePlanned({ waves: [["api"]] }),
      move: (request, { turn }) => (turn < 1 ? { ...working("api"), waitSeconds: 15 } : done(request)),
    });

    expect(entered(events)).not.toContain("Wait for component");
    expect(entered(events).filter((name) => name === "Move component")).toHaveLength(2);
  });

  it("make a failed result of a mover that throws, with its name and its words", async () => {
    const { reported } = await perform({
      plan: () => makePlanned({ waves: [["api"]] }),
      move: () => {
        throw new StepbackError("LockLost", "Cannot write: rb-18 took the lock.");
      },
    });

    expect(reported[0]?.results).toEqual([
      {
        status: "failed",
        component: "api",
        verb: "prepare",
        code: "LockLost",
        note: expect.stringContaining("Cannot write: rb-18 took the lock."),
        touched: true,
      },
    ]);
  });
});

describe("telling people and keeping evidence", () => {
  it("keeps the plan where the clean-up can read it", async () => {
    const { kept } = await perform();

    expect(kept.map((body) => PlannedRollback.parse(JSON.parse(body)))).toEqual([makePlanned()]);
  });

  it("takes less than a minute from the rollback when neither SNS nor S3 answers at all", async () => {
    const silence = { publish: hang, evidence: hang };

    const seen = await perform(silence);

    expect(seen.status).toBe("SUCCEEDED");
    expect(timeOf(seen, "Verify recovery") - timeOf(seen, "Waves finished")).toBeLessThan(minutes(1));
  });
});

describe("an answer", () => {
  it("is quoted with whoever gave it", async () => {
    const plan = () => makePlanned({ decision: ASK });

    const { cause, told, tookMs } = await perform({ plan, ask: () => ({ answer: "reject", by: "ada" }) });

    expect(cause).toBe("Nothing was changed: rejected by ada.");
    expect(told[0]?.message).toMatch(/^Nothing was changed: rejected by ada\./);
    expect(tookMs).toBeLessThan(minutes(3));
  });

  it("that nobody gives is no after the time for it, asked for once", async () => {
    let asked = 0;
    const plan = () => makePlanned({ decision: ASK });

    const { cause, tookMs } = await perform({ plan, ask: () => void asked++ });

    expect(cause).toBe("Nothing was changed: nobody answered in time.");
    expect(asked).toBe(1);
    expect(tookMs).toBeGreaterThan(minutes(60));
    expect(tookMs).toBeLessThan(minutes(61));
  });
});

const noting = (given: unknown[]) => (input: unknown) => {
  given.push(input);
  return makePlanned();
};

const hang = ({ kernel }: { readonly kernel: { sleep(ms: number): Promise<void> } }) =>
  kernel.sleep(minutes(30));

function timeOf({ events }: Performance, state: string): number {
  const event = events.find(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name === state);
  if (!event?.timestamp) throw new Error(`The state ${state} was not entered`);
  return event.timestamp.getTime();
}
