import { describe, expect, it } from "vitest";
import type { AlarmReader } from "../../../lambdas/platform/alarm-reader.ts";
import { verifyRecovery } from "../../../lambdas/steps/verify-recovery.ts";

const cutOverAt = Date.parse("2026-11-21T01:05:00Z");
const input = {
  rollbackId: "rb-7",
  alarms: ["a", "b"],
  verifyMinutes: 15,
  cutOverAt: new Date(cutOverAt).toISOString(),
};

/** An invocation of five minutes that begins so many seconds after the cut-over; alarm `b` is OK after `okAfter`. */
function makeInvocation({
  begins = 0,
  okAfter = Number.POSITIVE_INFINITY,
}: {
  begins?: number;
  okAfter?: number;
}) {
  let seconds = begins;
  const asked: (readonly string[])[] = [];
  const alarms: AlarmReader = {
    stateOf: () => Promise.reject(new Error("verifying asks for all alarms at once")),
    firedBetween: () => Promise.reject(new Error("verifying reads no history")),
    async statesOf(names) {
      asked.push(names);
      return [
        { name: "a", state: "OK", since: new Date(cutOverAt - 60_000) },
        seconds >= okAfter
          ? { name: "b", state: "OK", since: new Date(cutOverAt + okAfter * 1_000) }
          : { name: "b", state: "ALARM", since: new Date(cutOverAt - 300_000) },
      ];
    },
  };
  const services = {
    alarms,
    clock: () => new Date(cutOverAt + seconds * 1_000),
    sleep: async (wait: number) => {
      seconds += wait;
    },
  };
  return {
    asked,
    secondsSpent: () => seconds - begins,
    verification: () => verifyRecovery(input, services, () => (begins + 300 - seconds) * 1_000),
  };
}

describe("verifying recovery", () => {
  it("is over as soon as every alarm is OK, and says since when", async () => {
    const invocation = makeInvocation({ okAfter: 62 });

    expect(await invocation.verification()).toEqual({
      status: "recovered",
      note: "a, b: OK.",
      open: [],
      recoveredAt: new Date(cutOverAt + 62_000).toISOString(),
    });
    expect(invocation.secondsSpent()).toBeLessThanOrEqual(62 + 5);
    expect(invocation.asked[0]).toEqual(["a", "b"]);
  });

  it("asks to be called again before its invocation ends", async () => {
    const invocation = makeInvocation({});

    expect(await invocation.verification()).toEqual({
      status: "waiting",
      note: "b (ALARM) is not OK yet.",
      open: ["b (ALARM)"],
    });
    expect(invocation.secondsSpent()).toBeLessThanOrEqual(260);
  });

  it("gives up when the time since the cut-over is over, however often it was called", async () => {
    const invocation = makeInvocation({ begins: 800 });

    expect(await invocation.verification()).toEqual({
      status: "not-recovered",
      note: "b (ALARM) is not OK and the time for it is over.",
      open: ["b (ALARM)"],
    });
    expect(invocation.secondsSpent()).toBe(100);
  });
});
