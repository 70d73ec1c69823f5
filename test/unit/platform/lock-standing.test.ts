import { describe, expect, it } from "vitest";
import { type LockFacts, lockStandingOf } from "../../../lambdas/platform/ledger/lock-standing.ts";

const lock = (facts: Partial<LockFacts> = {}): LockFacts => ({
  ...{ owner: "rb-1", fence: 3, redrives: 0, tidying: false, watching: false, resumable: undefined },
  ...facts,
});
const claim = (redrives = 0, fence = 3) => ({ rollbackId: "rb-1", fence, redrives });

describe("a function of a rollback that runs", () => {
  it("goes on while its rollback holds the lock", () => {
    expect(lockStandingOf(lock(), claim())).toBe("held");
  });

  it.each([
    ["another rollback took the lock", lock({ owner: "rb-2", fence: 4 })],
    ["another rollback holds the same number", lock({ owner: "rb-2" })],
    ["another rollback took it and gave it back", lock({ owner: undefined, fence: 4 })],
    ["nobody ever took it", lock({ owner: undefined, fence: 0 })],
  ])("stops when %s", (_, facts) => {
    expect(lockStandingOf(facts, claim())).toBe("lost");
  });
});

describe("a function that outlived its stopped execution", () => {
  it.each([
    ["the clean-up has taken the lock over", lock({ fence: 4, tidying: true })],
    ["the clean-up has given it back", lock({ owner: undefined, fence: 4, resumable: "rb-1" })],
    ["a redriven run has taken it again", lock({ fence: 5, redrives: 1 })],
  ])("stops when %s", (_, facts) => {
    expect(lockStandingOf(facts, claim())).toBe("lost");
  });
});

describe("the clean-up's own functions", () => {
  it("act under the number that it took the lock over with", () => {
    expect(lockStandingOf(lock({ fence: 4, tidying: true }), claim(0, 4))).toBe("held");
  });
});

describe("a function of a redriven run", () => {
  it("waits while the clean-up is at work", () => {
    expect(lockStandingOf(lock({ fence: 4, tidying: true }), claim(1))).toBe("being-tidied");
  });

  it("may take the lock again when the clean-up gave it back for that", () => {
    const released = lock({ owner: undefined, fence: 4, resumable: "rb-1" });

    expect(lockStandingOf(released, claim(1))).toBe("resumable");
  });

  it("goes on when a neighbour of the same run has taken it again", () => {
    expect(lockStandingOf(lock({ fence: 5, redrives: 1 }), claim(1))).toBe("held");
  });

  it.each([
    ["its rollback may not be resumed", lock({ owner: undefined, fence: 4 })],
    ["another rollback may be resumed", lock({ owner: undefined, fence: 4, resumable: "rb-2" })],
    ["another one holds it", lock({ owner: "rb-2", fence: 5 })],
    ["it belongs to a run before the last redrive", lock({ fence: 7, redrives: 2 })],
  ])("stops when %s", (_, facts) => {
    expect(lockStandingOf(facts, claim(1))).toBe("lost");
  });
});
