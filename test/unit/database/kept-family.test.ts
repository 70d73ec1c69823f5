import { describe, expect, it } from "vitest";
import { leftBehind } from "../../../lambdas/components/database/kept/belongs.ts";
import { isSafetySnapshot } from "../../../lambdas/components/database/kept/kept-snapshot.ts";
import { databaseNames } from "../../../lambdas/components/database/names.ts";

const retired = {
  "stepback:state": "retired",
  "stepback:rollback": "rb-1",
  "stepback:expires": "2026-11-28",
};
const one = (identifier: string, resourceId: string, source?: string, tags: object = retired) => ({
  identifier,
  resourceId,
  createdAt: new Date("2026-11-20T09:00:00Z"),
  tags: { ...tags, ...(source ? { "stepback:source": source } : {}) },
});
const live = (identifier: string, resourceId: string, source: string) =>
  one(identifier, resourceId, source, { "stepback:state": "live" });
const idsOf = (all: ReturnType<typeof one>[], configured = "shop", serving = "db-LIVE") =>
  leftBehind(all, { configured, live: serving }, new Date("2026-11-21T09:00:00Z")).map(
    ({ resourceId }) => resourceId,
  );

describe("the databases that belong to a component", () => {
  it("are all that rollbacks left, one after the other, whatever people call them now", () => {
    const all = [
      one("shop", "db-A"),
      one("renamed-by-somebody", "db-B", "db-A"),
      one("shop-sb-00000003-new", "db-C", "db-B"),
      live("shop-sb-00000004-new", "db-LIVE", "db-C"),
    ];

    expect(idsOf(all)).toEqual(["db-A", "db-B", "db-C"]);
  });

  it("are known by their names when one in between is gone", () => {
    const all = [one("shop-sb-00000002-old", "db-B", "db-A"), live("shop", "db-LIVE", "db-GONE")];

    expect(idsOf(all)).toEqual(["db-B"]);
  });

  it("are not those of another one that begins alike, however long both names are", () => {
    const long = "a".repeat(50);
    const all = [
      one(`${"a".repeat(45)}-sb-00000002-old`, "db-OTHER", "db-X"),
      live(`${long}1`, "db-LIVE", "db-Y"),
      one("shop-sb-00000002-old", "db-SHOP"),
    ];

    expect(idsOf(all, `${long}1`)).toEqual([]);
    expect(idsOf(all, "sho")).toEqual([]);
  });

  it("are never the one that serves, nor a copy that a rollback may still work on", () => {
    const staging = { ...retired, "stepback:state": "staging" };
    const all = [live("shop", "db-LIVE", "db-A"), one("shop-sb-00000002-new", "db-B", "db-LIVE", staging)];

    expect(idsOf(all)).toEqual([]);
  });
});

describe("a safety snapshot", () => {
  const names = databaseNames({ identifier: "shop", rollbackId: "rb-1" });
  const seen = (name: string, tags: Record<string, string> = retired, status = "available") =>
    isSafetySnapshot(
      {
        shape: "instance",
        name,
        arn: "",
        status,
        gigabytes: 1,
        takenAt: undefined,
        sourceResourceId: "db-A",
        tags,
      },
      "shop",
    );

  it("is one whose name follows from its rollback, before the switch or before the way back", () => {
    expect([names.snapshot, `${names.snapshot}-back`].map((name) => seen(name))).toEqual([true, true]);
  });

  it.each([
    ["a person took and that has its database's tags", "shop-final", retired, "available"],
    [
      "another database's rollback took",
      databaseNames({ identifier: "shop2", rollbackId: "rb-1" }).snapshot,
      retired,
      "available",
    ],
    [
      "another rollback's name has",
      databaseNames({ identifier: "shop", rollbackId: "rb-2" }).snapshot,
      retired,
      "available",
    ],
    ["has no day", names.snapshot, { "stepback:rollback": "rb-1" }, "available"],
    ["is not finished", names.snapshot, retired, "creating"],
  ])("is not one that %s", (_, name, tags, status) => {
    expect(seen(name, tags, status)).toBe(false);
  });
});
