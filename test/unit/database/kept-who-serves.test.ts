import {
  DeregisterDBProxyTargetsCommand,
  ModifyDBInstanceCommand,
  RegisterDBProxyTargetsCommand,
} from "@aws-sdk/client-rds";
import { DescribeSecretCommand, UpdateSecretVersionStageCommand } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import type { Kept } from "../../../lambdas/domain/kept/kept.ts";
import { typedCommand } from "../../support/typed-command.ts";
import { invoke } from "../messaging/make-region.ts";
import { asOperator, makeKeptStage, readAs } from "./make-kept-stage.ts";
import { makeMove } from "./make-move.ts";

type Stage = Awaited<ReturnType<typeof makeKeptStage>>;

/** Somebody brings users back to the old database without Stepback, and writes no tag. */
const BACK_BY_HAND = {
  parameter: ({ stage, prod }: Stage) => writeHost(stage, prod.host ?? ""),
  proxy: ({ stage, prod, copy }: Stage) =>
    asOperator(stage, async ({ rds }) => {
      const front = { DBProxyName: "front", TargetGroupName: "default" };
      await rds.send(new DeregisterDBProxyTargetsCommand({ ...front, DBInstanceIdentifiers: [copy.id] }));
      await rds.send(new RegisterDBProxyTargetsCommand({ ...front, DBInstanceIdentifiers: [prod.id] }));
    }),
  rename: async ({ stage, prod }: Stage) => {
    const old = stage.databases.instance(prod.resourceId)?.id;
    await rename(stage, "prod", "prod-aside");
    await rename(stage, old ?? "", "prod");
  },
  secret: ({ stage }: Pick<Stage, "stage">) =>
    asOperator(stage, async ({ secrets }) => {
      const SecretId = "shop/db-host";
      const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId }));
      const by = (label: string) =>
        Object.entries(VersionIdsToStages).find(([, labels]) => labels.includes(label))?.[0];
      const move = { MoveToVersionId: by("AWSPREVIOUS"), RemoveFromVersionId: by("AWSCURRENT") };
      await secrets.send(
        new UpdateSecretVersionStageCommand({ SecretId, VersionStage: "AWSCURRENT", ...move }),
      );
    }),
};

const writeHost = (stage: Stage["stage"], Value: string) =>
  asOperator(stage, ({ ssm }) =>
    ssm.send(new PutParameterCommand({ Name: "/shop/db-host", Value, Overwrite: true })),
  );

async function rename(stage: Stage["stage"], from: string, NewDBInstanceIdentifier: string): Promise<void> {
  const input = { DBInstanceIdentifier: from, NewDBInstanceIdentifier, ApplyImmediately: true };
  await asOperator(stage, ({ rds }) => rds.send(new ModifyDBInstanceCommand(input)));
  await stage.forSeconds(300);
}

const databasesIn = (kept: readonly Kept[]) => kept.filter(({ what }) => what.startsWith("database"));
const operations = (kept: readonly Kept[]) =>
  databasesIn(kept).flatMap(({ removal }) => removal.commands.map((line) => typedCommand(line).operation));

describe("an old database that somebody went back to by hand", () => {
  it.each(["parameter", "proxy", "rename"] as const)(
    "is not suggested for removal after %s, and what is shown puts the tags right",
    async (way) => {
      const found = await makeKeptStage(way);
      await BACK_BY_HAND[way](found);

      const { kept } = await found.read();

      expect(databasesIn(kept).map(({ removal }) => removal)).toEqual([
        expect.objectContaining({
          advice: "leave",
          why: expect.stringContaining("users are on it, although its tags say retired"),
        }),
      ]);
      expect(operations(kept)).toEqual(["AddTagsToResource", "RemoveTagsFromResource", "AddTagsToResource"]);
      for (const { removal } of databasesIn(kept)) {
        for (const line of removal.commands) {
          const { operation, input } = typedCommand(line);
          await invoke(found.stage.rds.model, operation, input);
        }
      }
      const [now, ...others] = databasesIn((await found.read()).kept);
      expect(others).toEqual([]);
      expect(now).toMatchObject({
        what: `database instance ${found.stage.databases.instance(found.copy.resourceId)?.id}`,
      });
      expect(now?.facts[0]).toBe("Users are on prod.");
      expect(now?.removal.advice).toBe("remove");
    },
  );

  it("is not suggested for removal when a secret was changed, which nobody may read", async () => {
    const found = await makeKeptStage("secret");
    await BACK_BY_HAND.secret(found);

    const { kept } = await found.read();

    expect(databasesIn(kept)[0]?.removal).toMatchObject({
      advice: "leave",
      why: expect.stringContaining("Somebody has changed the secret that holds the host"),
    });
    expect(operations(kept)).toEqual(["GetMetricStatistics"]);
  });
});

describe("a copy that was kept by an undo", () => {
  it("is not suggested for removal when somebody goes forward to it again by moving the secret's label", async () => {
    const { stage, prod, copy, component } = await makeKeptStage("secret");
    stage.entries.clear();
    const { cutOver } = component;
    const way = { way: "return", keptResourceId: prod.resourceId, stagingIdentifier: "prod" } as const;
    const undo = makeMove(copy, { cutOver, ...way, restoreTo: undefined }, "rb-2");
    await stage.run(undo, ["prepare", "cutOver", "confirm"], { rollbackId: "rb-2" });
    await stage.forSeconds(300);
    const [after] = databasesIn((await readAs(stage, component)).kept);
    expect(after).toMatchObject({ what: `database instance ${copy.id}`, removal: { advice: "remove" } });

    await BACK_BY_HAND.secret({ stage });

    const { kept } = await readAs(stage, component);
    expect(databasesIn(kept).map(({ removal }) => removal.advice)).toEqual(["leave"]);
  });
});

describe("an old database of which nobody can tell whether it is used", () => {
  it("is not suggested for removal while the parameter names another host, an alias perhaps", async () => {
    const found = await makeKeptStage("parameter");
    await writeHost(found.stage, "db.internal.example");

    const { kept } = await found.read();

    expect(databasesIn(kept)[0]?.removal).toMatchObject({ advice: "leave" });
    expect(operations(kept)).toEqual(["GetMetricStatistics"]);
    expect(JSON.stringify(kept)).not.toContain("db.internal.example");
  });

  it("is not suggested for removal when the one that served is gone or has lost its tags", async () => {
    const found = await makeKeptStage("parameter");
    await asOperator(found.stage, async () => {
      const ResourceName = found.copy.arn;
      await invoke(found.stage.rds.model, "RemoveTagsFromResource", {
        ResourceName,
        TagKeys: ["stepback:state"],
      });
    });

    const { kept } = await found.read();

    expect(databasesIn(kept)[0]?.removal).toMatchObject({
      advice: "leave",
      why: expect.stringContaining("No other database of this component says that it serves"),
    });
    expect(operations(kept)).not.toContain("DeleteDBInstance");
  });
});
