import type { DBInstance } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import { isSettled, isTerminal, SERVING_STATUSES } from "../../../lambdas/components/database/states.ts";

const settled: DBInstance = {
  DBInstanceIdentifier: "prod",
  DBInstanceStatus: "available",
  Endpoint: { Address: "prod.c1.eu-west-1.rds.amazonaws.com" },
  PendingModifiedValues: {},
  DBParameterGroups: [{ ParameterApplyStatus: "pending-reboot" }],
  OptionGroupMemberships: [{ Status: "in-sync" }],
  VpcSecurityGroups: [{ Status: "active" }],
};

describe("a database at rest", () => {
  it("is available under its own name with nothing on its way", () => {
    expect(isSettled(settled, "prod")).toBe(true);
  });

  it.each<[string, DBInstance]>([
    [
      "has the old name in its endpoint",
      { Endpoint: { Address: "prod-old.c1.eu-west-1.rds.amazonaws.com" } },
    ],
    ["has no endpoint", { Endpoint: undefined }],
    ["has another name", { DBInstanceIdentifier: "prod-old" }],
    ["is being renamed", { DBInstanceStatus: "renaming" }],
    ["has something pending", { PendingModifiedValues: { DBInstanceIdentifier: "prod-old" } }],
    [
      "has a parameter group that is being applied",
      { DBParameterGroups: [{ ParameterApplyStatus: "applying" }] },
    ],
    ["has an option group that is being applied", { OptionGroupMemberships: [{ Status: "pending-apply" }] }],
    ["has a security group that is being added", { VpcSecurityGroups: [{ Status: "adding" }] }],
    ["is joining a directory", { DomainMemberships: [{ Status: "joining" }] }],
    ["has a master secret that is being made", { MasterUserSecret: { SecretStatus: "creating" } }],
  ])("is not one that %s", (_, change) => {
    expect(isSettled({ ...settled, ...change }, "prod")).toBe(false);
  });

  it("may be in its first backup when that is said to be enough", () => {
    const backingUp = { ...settled, DBInstanceStatus: "backing-up" };

    expect(isSettled(backingUp, "prod")).toBe(false);
    expect(isSettled(backingUp, "prod", SERVING_STATUSES)).toBe(true);
  });

  it("is never waited for in a status that RDS does not leave by itself", () => {
    // docs/facts/database.md §6, "Terminal".
    const terminal = [
      ...["failed", "inaccessible-encryption-credentials", "inaccessible-encryption-credentials-recoverable"],
      ...["create", "credentials", "network", "option-group", "parameters", "restore"].map(
        (what) => `incompatible-${what}`,
      ),
      ...["insufficient-capacity", "modify-failed", "restore-error", "upgrade-failed"],
    ];
    expect(terminal.filter((status) => !isTerminal(status))).toEqual([]);
    expect(["creating", "storage-full", "backing-up", undefined].some(isTerminal)).toBe(false);
  });
});
