import { describe, expect, it } from "vitest";
import { type WaySituation, wayTo } from "../../../lambdas/components/database/planning/way.ts";
import { instanceSight } from "../../../lambdas/components/database/sight.ts";

const at = (time: string) => new Date(`2026-11-21T${time}Z`);

const NIGHTLY = { identifier: "nightly", at: at("03:00:00"), automated: true, engineVersion: "16.3" };

const situation: WaySituation = {
  now: at("12:00:00"),
  serving: instanceSight({ DBInstanceIdentifier: "prod", Engine: "postgres", EngineVersion: "16.4" }),
  window: { earliest: at("06:00:00"), latest: at("11:57:00") },
  snapshots: [NIGHTLY],
  at: at("11:00:00"),
  exact: true,
  backtrack: "prefer",
};

const reasonFor = (change: Partial<WaySituation>) => {
  const way = wayTo({ ...situation, ...change });
  return way.way === "none" ? way.reason : way.way;
};

describe("what backups cannot do is told apart", () => {
  it.each<[string, Partial<WaySituation>, RegExp]>([
    [
      "the restore window",
      { at: at("02:00:00") },
      /backups reach back to 2026-11-21T06:00:00Z only; only these/,
    ],
    [
      "the latest restorable time",
      { at: at("11:58:00") },
      /backups reach 2026-11-21T11:57:00Z only, and move on/,
    ],
    [
      "backups that stand still",
      { at: at("11:50:00"), window: { earliest: at("06:00:00"), latest: at("11:30:00") } },
      /have not moved on for 30 minutes \(storage full\?/,
    ],
    [
      "a retention of 0",
      { window: undefined, snapshots: [] },
      /^automated backups are off; only these snapshots exist: none/,
    ],
    ["a time to come", { at: at("13:00:00") }, /in the future/],
    [
      "a snapshot of another major version",
      { at: at("05:00:00"), snapshots: [{ ...NIGHTLY, engineVersion: "15.8" }] },
      /nightly, is of postgres 15\.8, and prod is 16\.4: its parameter group does not fit/,
    ],
  ])("%s", (_, change, reason) => {
    expect(reasonFor(change)).toMatch(reason);
  });

  it("and an older patch of the same version is no reason: it is brought forward", () => {
    expect(reasonFor({ at: at("05:00:00") })).toBe("snapshot");
  });
});
