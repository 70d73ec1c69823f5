import type { DBInstance } from "@aws-sdk/client-rds";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { databaseNames, memberName } from "../../lambdas/components/database/names.ts";
import { snapshotBeforeRevert } from "../../lambdas/components/database/safety-snapshot.ts";
import {
  modifyAfterRestore,
  modifyBeforeCutOver,
  restoreInputOf,
  settingsDiff,
  snapshotRestoreInputOf,
} from "../../lambdas/components/database/settings/instance-settings.ts";
import { matchesResource } from "../../lib/region/iam/wildcard.ts";
import { ownNames } from "../../lib/stack/components/database-move-limits.ts";
import { anInstance } from "../unit/database/arbitrary-instance.ts";
import { type Chance, modified, restored } from "../unit/database/restore-model.ts";

const aChance: fc.Arbitrary<Chance> = fc.record({
  zone: fc.constantFrom("eu-west-1a", "eu-west-1b", "eu-west-1c"),
  window: fc.constantFrom("02:00-02:30", "01:00-01:30"),
  sqlServerKeepsStorage: fc.boolean(),
});

const OPTIONS = {
  target: "prod-sb-1-new",
  quarantineSecurityGroup: "sg-quarantine",
  tags: [{ Key: "stepback:state", Value: "staging" }],
};

const copyOf = (source: DBInstance, chance: Chance) => {
  const options = { ...OPTIONS, tagsOfSource: source.TagList ?? [], restoreTo: new Date(0) };
  return restored(source, restoreInputOf(source, options), chance);
};

const apply = (copy: DBInstance, input: ReturnType<typeof modifyAfterRestore>) =>
  input ? modified(copy, input) : copy;

describe("the settings of a copy", () => {
  it("are the source's after a restore and two modifications, whatever RDS makes of what is not said", () => {
    fc.assert(
      fc.property(anInstance, aChance, (source, chance) => {
        const copy = copyOf(source, chance);
        const prepared = apply(copy, modifyAfterRestore(source, copy));
        expect(settingsDiff(source, prepared, "prepared")).toEqual([]);

        const live = apply(prepared, modifyBeforeCutOver(source, prepared));
        expect(settingsDiff(source, live, "live")).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it("are the source's after a restore from a snapshot too, which knows no autoscaling", () => {
    fc.assert(
      fc.property(anInstance, aChance, (source, chance) => {
        const options = { ...OPTIONS, tagsOfSource: source.TagList ?? [], snapshot: "manual-1" };
        const { DBSnapshotIdentifier, DBInstanceIdentifier, ...input } = snapshotRestoreInputOf(
          source,
          options,
        );
        expect(input).not.toHaveProperty("MaxAllocatedStorage");
        const copy = restored(source, input, chance);

        const prepared = apply(copy, modifyAfterRestore(source, copy));

        expect([DBSnapshotIdentifier, DBInstanceIdentifier]).toEqual(["manual-1", OPTIONS.target]);
        expect(settingsDiff(source, prepared, "prepared")).toEqual([]);
      }),
    );
  });

  it("need no second modification: what was done once is not asked for again", () => {
    fc.assert(
      fc.property(anInstance, aChance, (source, chance) => {
        const copy = copyOf(source, chance);
        const prepared = apply(copy, modifyAfterRestore(source, copy));
        const live = apply(prepared, modifyBeforeCutOver(source, prepared));

        expect(modifyAfterRestore(source, prepared)).toBeUndefined();
        expect(modifyBeforeCutOver(source, live)).toBeUndefined();
      }),
    );
  });

  it("keep the copy out of reach and deletable until the cut-over", () => {
    fc.assert(
      fc.property(anInstance, aChance, (source, chance) => {
        const copy = copyOf(source, chance);
        const prepared = apply(copy, modifyAfterRestore(source, copy));

        expect(prepared.VpcSecurityGroups).toEqual([{ VpcSecurityGroupId: "sg-quarantine" }]);
        expect(prepared.DeletionProtection).toBe(false);
        expect(prepared.MultiAZ).toBe(false);
      }),
    );
  });

  it("are told apart: any one setting that is not the source's is named", () => {
    const changes: readonly [string, Partial<DBInstance>][] = [
      ["parameter group", { DBParameterGroups: [{ DBParameterGroupName: "default.postgres16" }] }],
      ["subnet group", { DBSubnetGroup: { DBSubnetGroupName: "default" } }],
      ["port", { Endpoint: { Port: 1 } }],
      ["storage type", { StorageType: "sc1" }],
      ["encryption key", { KmsKeyId: "another" }],
      ["roles", { AssociatedRoles: [{ RoleArn: "arn:aws:iam::1:role/s3", FeatureName: "s3Import" }] }],
      ["tags", { TagList: [{ Key: "env", Value: "test" }] }],
    ];
    fc.assert(
      fc.property(anInstance, fc.constantFrom(...changes), (source, [name, change]) => {
        const [difference] = settingsDiff(source, { ...source, ...change }, "prepared");

        expect(difference).toMatch(new RegExp(`^${name} is`));
      }),
    );
  });
});

describe("the names of what a rollback makes", () => {
  // Pieces put together, so that long ones and hyphens at every place are as likely as short ones.
  const identifier = fc
    .tuple(fc.constantFrom("a", "shop"), fc.array(fc.constantFrom("x", "z9", "-a", "-prod-", "0123456789")))
    .map(([first, rest]) => `${first}${rest.join("")}`.replace(/-+/g, "-").slice(0, 63).replace(/-$/, ""));
  const rollbackId = fc.stringMatching(/^rb-[0-9]{8}-[0-9]{6}-[0-9a-z]{8}$/);

  it("are identifiers that RDS takes, the same each time, and as many as there are things", () => {
    fc.assert(
      fc.property(identifier, rollbackId, fc.integer({ min: 0, max: 15 }), (name, rollback, index) => {
        const of = { identifier: name, rollbackId: rollback };
        const names = [...Object.values(databaseNames(of)), memberName(of, index)];

        for (const one of names) expect(one).toMatch(/^[a-z](?!.*--)[a-z0-9-]{0,61}[a-z0-9]$/);
        expect(new Set([...names, name]).size).toBe(names.length + 1);
        expect(databaseNames(of)).toEqual(databaseNames({ ...of }));
      }),
    );
  });

  it("differ between rollbacks, and between databases whose identifiers begin alike", () => {
    fc.assert(
      fc.property(identifier, identifier, rollbackId, rollbackId, (name, other, one, another) => {
        fc.pre(one !== another && name !== other);
        const first = databaseNames({ identifier: name, rollbackId: one });

        expect(first.staging).not.toBe(databaseNames({ identifier: name, rollbackId: another }).staging);
        expect(first.staging).not.toBe(databaseNames({ identifier: other, rollbackId: one }).staging);
      }),
    );
  });

  it("are what IAM allows: copies to be deleted, the kept one and the snapshots not", () => {
    fc.assert(
      fc.property(identifier, rollbackId, fc.integer({ min: 0, max: 15 }), (name, rollback, index) => {
        const of = { identifier: name, rollbackId: rollback };
        const { staging, retired, snapshot } = databaseNames(of);
        const back = snapshotBeforeRevert({ details: { safetySnapshotIdentifier: snapshot } });
        const own = ownNames({ instance: name });

        for (const one of [staging, memberName(of, index), retired, snapshot, back]) {
          expect(matchesResource(own.all, one), `${one} is ${own.all}`).toBe(true);
        }
        for (const one of [staging, memberName(of, index)]) {
          expect(matchesResource(own.staging, one), `${one} is ${own.staging}`).toBe(true);
        }
        for (const one of [name, retired, snapshot, back]) {
          expect(matchesResource(own.staging, one), `${one} is not ${own.staging}`).toBe(false);
        }
      }),
    );
  });

  it("are what IAM allows when they are cut right behind a hyphen", () => {
    const identifier = `${"a".repeat(43)}-production`;
    const { staging } = databaseNames({ identifier, rollbackId: "rb-1" });

    expect(staging).toMatch(/^a{43}-sb-[0-9a-f]{8}-new$/);
    expect(matchesResource(ownNames({ cluster: identifier }).staging, staging)).toBe(true);
  });
});
