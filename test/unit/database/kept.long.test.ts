import { DescribeDBClusterAutomatedBackupsCommand, RemoveTagsFromResourceCommand } from "@aws-sdk/client-rds";
import { describe, expect, it } from "vitest";
import {
  automatedBackupOf,
  manualClusterSnapshots,
  manualSnapshots,
} from "../../../lambdas/components/database/reads.ts";
import type { Kept } from "../../../lambdas/domain/kept/kept.ts";
import { FORBIDDEN_ACTIONS } from "../../../lib/stack/boundary.ts";
import { typedCommand } from "../../support/typed-command.ts";
import { invoke } from "../messaging/make-region.ts";
import { asOperator, makeKeptStage, readAs } from "./make-kept-stage.ts";
import type { MoveStage } from "./make-move-stage.ts";
import type { StrategyName } from "./make-strategy-stage.ts";

const WAYS: readonly StrategyName[] = ["rename", "proxy", "parameter", "secret"];
const SHAPES = ["instance", "cluster"] as const;
const EVERY = WAYS.flatMap((way) => SHAPES.map((shape) => [way, shape] as const));

const commandsOf = ({ removal }: Kept) => removal.commands.map(typedCommand);

/** Somebody types what the message shows, one line after the other. */
async function type(stage: MoveStage, lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    const { service, operation, input } = typedCommand(line);
    if (service === "rds" && operation !== "Wait") await invoke(stage.rds.model, operation, input);
    await stage.forSeconds(operation === "Wait" ? 120 : 5);
  }
  await stage.forSeconds(600);
}

/** The snapshots that somebody took, and the state of a database's automated backups. */
function leftOf(stage: MoveStage, resourceId: string) {
  return asOperator(stage, async ({ rds }) => {
    const [instances, clusters] = [await manualSnapshots(rds), await manualClusterSnapshots(rds)];
    const { DBClusterAutomatedBackups = [] } = await rds.send(
      new DescribeDBClusterAutomatedBackupsCommand({}),
    );
    const ofCluster = DBClusterAutomatedBackups.find((one) => one.DbClusterResourceId === resourceId);
    return {
      names: [
        ...instances.map((one) => one.DBSnapshotIdentifier),
        ...clusters.map((one) => one.DBClusterSnapshotIdentifier),
      ],
      backups: ofCluster?.Status ?? (await automatedBackupOf(rds, resourceId))?.Status,
    };
  });
}

describe("what a rollback of a database left behind", () => {
  it.each(EVERY)(
    "is found after a cut-over by %s of an %s, with the grants that it takes and no other",
    async (way, shape) => {
      const { prod, copy, snapshot, read } = await makeKeptStage(way, shape);

      const { kept, unused } = await read();

      const old = way === "rename" ? expect.stringMatching(/^prod-sb-[0-9a-f]{8}-old$/) : "prod";
      expect(kept.map(({ what }) => what.split(" ").at(-1))).toEqual([old, snapshot]);
      expect(unused).toEqual([]);
      const [database] = kept;
      expect(database).toMatchObject({
        component: "db",
        what: expect.stringContaining(`database ${shape}`),
        rollbackId: "rb-1",
        expires: "2026-11-28",
        facts: [
          `Users are on ${copy.id}.`,
          "Deletion protection is on.",
          expect.stringContaining(prod.resourceId),
        ],
        removal: { advice: "remove" },
      });
    },
  );

  it.each(SHAPES)("of an %s is told with what is paid for", async (shape) => {
    const { kept } = await (await makeKeptStage("parameter", shape)).read();

    expect(kept.map(({ paidFor }) => paidFor)).toEqual(
      shape === "instance"
        ? ["db.m6g.large, Multi-AZ, 100 GiB gp3, and its backups", "backup storage, at most 100 GiB"]
        : [expect.stringMatching(/^2 x db\.\S+, storage by use, and its backups$/), "backup storage by use"],
    );
  });

  it("can be undone to when the rollback's record says so, and else be named", async () => {
    const { prod, read } = await makeKeptStage("parameter");

    const undoFact = async (undone: readonly string[]) => (await read(undone)).kept[0]?.facts.at(-1);

    expect(await undoFact([prod.resourceId])).toBe(
      'The rollback can still be undone to it: npx stepback start --environment prod --mode undo --undoes rb-1 --reason "..."',
    );
    expect(await undoFact([])).toContain(
      `--scope db --target '{"components":{"db":"${prod.resourceId}"}}' --reason "..."`,
    );
  });

  it.each(EVERY.filter(([way]) => way === "rename" || way === "parameter"))(
    "goes for good by the lines that are shown, after %s of an %s, and nothing is lost",
    async (way, shape) => {
      const { stage, prod, copy, snapshot, read } = await makeKeptStage(way, shape);
      const { kept } = await read();

      for (const { removal } of kept) await type(stage, removal.commands);

      expect(stage.databases.instance(prod.resourceId)).toBeUndefined();
      expect(stage.databases.instance(copy.resourceId)?.status).toBe("available");
      const { names, backups } = await leftOf(stage, prod.resourceId);
      expect(names).toEqual([expect.stringMatching(/^prod(-sb-[0-9a-f]{8}-old)?-final$/)]);
      expect(names).not.toContain(snapshot);
      expect(backups).toBe("retained");
      expect((await read()).kept).toEqual([]);
    },
  );

  it("is kept a month longer by the line that is shown", async () => {
    const { stage, read } = await makeKeptStage("proxy");

    for (const { keepLonger } of (await read()).kept) await type(stage, [keepLonger]);

    expect((await read()).kept.map(({ expires }) => expires)).toEqual(["2026-12-21", "2026-12-21"]);
  });

  it.each(["stepback:state", "stepback:expires", "stepback:rollback"])(
    "is nobody's any more when a person takes its tag %s off",
    async (tag) => {
      const { stage, read } = await makeKeptStage("rename");
      const arn = String(typedCommand((await read()).kept[0]?.keepLonger ?? "").input["ResourceName"]);

      await asOperator(stage, ({ rds }) =>
        rds.send(new RemoveTagsFromResourceCommand({ ResourceName: arn, TagKeys: [tag] })),
      );

      expect((await read()).kept.map(({ what }) => what)).toEqual([expect.stringContaining("snapshot")]);
    },
  );

  it("is not told of another database, whatever its tags and however it is called", async () => {
    const { stage, component } = await makeKeptStage("parameter");
    const tags = [
      { Key: "stepback:state", Value: "retired" },
      { Key: "stepback:rollback", Value: "rb-9" },
      { Key: "stepback:expires", Value: "2026-11-21" },
    ];
    for (const DBInstanceIdentifier of ["product", "prod-sb-12345678-newer", "prod-sb-mine-old"]) {
      stage.databases.install({ DBInstanceIdentifier, Engine: "postgres", EngineVersion: "16.4", tags });
    }

    const { kept } = await readAs(stage, component);

    expect(kept.map(({ what }) => what.split(" ").at(-1))).toEqual([
      "prod",
      expect.stringMatching(/^prod-sb-\w{8}-before$/),
    ]);
  });

  it("is only looked at, and never by what the boundary forbids", async () => {
    const { stage, read } = await makeKeptStage("secret");
    const before = stage.endpoint.calls.length;

    const { kept } = await read();

    const made = stage.endpoint.calls.slice(before).map(({ operation }) => operation);
    expect(made.filter((operation) => !/^(Describe|GetParameter$)/.test(operation))).toEqual([]);
    const removing = kept.flatMap(commandsOf).map(({ operation }) => `rds:${operation}`);
    // What people do by hand no role of Stepback can.
    expect(FORBIDDEN_ACTIONS).toContain("rds:DeleteDB*Snapshot");
    expect(removing).toContain("rds:DeleteDBSnapshot");
  });
});
