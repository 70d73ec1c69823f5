import { describe, expect, it } from "vitest";
import { verify } from "../../../lambdas/domain/verify.ts";

const now = new Date("2026-11-21T01:10:00Z");
const moment = { now, deadline: now.getTime() + 60_000 };
const tooLate = { now, deadline: now.getTime() };
const ok = (name: string, since = "2026-11-21T01:08:00Z") => ({ name, state: "OK", since: new Date(since) });

describe("recovery", () => {
  it("is there when every alarm is OK, since the last one became so", () => {
    expect(verify([ok("a"), ok("b", "2026-11-21T01:09:00Z")], ["a", "b"], moment)).toEqual({
      status: "recovered",
      note: "a, b: OK.",
      open: [],
      recoveredAt: "2026-11-21T01:09:00.000Z",
    });
  });

  it.each([
    ["rings", [{ name: "a", state: "ALARM" }], "a (ALARM)"],
    ["has no data", [{ name: "a", state: "INSUFFICIENT_DATA" }], "a (INSUFFICIENT_DATA)"],
    ["cannot be found", [], "a (missing)"],
    ["cannot be found but others are OK", [ok("b")], "a (missing)"],
  ])("is waited for while an alarm %s, and given up at the deadline", (_, alarms, open) => {
    expect(verify(alarms, ["a"], moment)).toEqual({
      status: "waiting",
      note: `${open} is not OK yet.`,
      open: [open],
    });
    expect(verify(alarms, ["a"], tooLate)).toEqual({
      status: "not-recovered",
      note: `${open} is not OK and the time for it is over.`,
      open: [open],
    });
  });

  it("names every open alarm", () => {
    expect(verify([], ["a", "b"], moment).note).toBe("a (missing), b (missing) are not OK yet.");
  });

  it("is not proven by silence: without an alarm nothing says that the trouble is over", () => {
    expect(verify([], [], moment)).toMatchObject({ status: "not-recovered", open: [] });
    expect(verify([], [], moment).recoveredAt).toBeUndefined();
  });

  it("still counts at the deadline when everything is OK", () => {
    expect(verify([ok("a")], ["a"], tooLate).status).toBe("recovered");
  });

  it("is dated now when nothing says since when, and never in the future", () => {
    const dateOf = (alarm: Parameters<typeof verify>[0][number]) =>
      verify([alarm], ["a"], moment).recoveredAt;

    expect(dateOf({ name: "a", state: "OK" })).toBe(now.toISOString());
    expect(dateOf(ok("a", "2027-01-01T00:00:00Z"))).toBe(now.toISOString());
  });

  it("is not dated by alarms that were not asked for", () => {
    expect(verify([ok("a"), ok("b", "2026-11-21T01:09:00Z")], ["a"], moment).recoveredAt).toBe(
      "2026-11-21T01:08:00.000Z",
    );
  });
});
