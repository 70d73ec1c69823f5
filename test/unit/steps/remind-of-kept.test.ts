import { RDSClient } from "@aws-sdk/client-rds";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { beforeEach, describe, expect, it } from "vitest";
import type { KeptReader } from "../../../lambdas/components/component.ts";
import { databaseKeptReader } from "../../../lambdas/components/database/kept/kept-reader.ts";
import { StepbackError } from "../../../lambdas/contracts/errors.ts";
import { KeptQuestion } from "../../../lambdas/contracts/kept.ts";
import { RollbackRecord, rollbackKey } from "../../../lambdas/contracts/ledger.ts";
import { undoLeadsTo } from "../../../lambdas/platform/ledger/undo-leads-to.ts";
import { remindOfKept } from "../../../lambdas/steps/remind-of-kept.ts";
import { InProcessHandler } from "../../../lib/region/wire/in-process-handler.ts";
import { makeKept } from "../domain/kept/make-kept.ts";
import { makeRollbackRecord } from "../domain/make-rollback-record.ts";
import { makeStepRegion, type StepRegion } from "./make-step-region.ts";

const HOST = "/shop/db-host";
const cutOver = { strategy: "endpoint-parameter", parameter: HOST } as const;
const question = (at: string) =>
  KeptQuestion.parse({ at, components: { database: { kind: "database", instance: "shop", cutOver } } });

let region: StepRegion;
let slept: number[];

beforeEach(async () => {
  region = await makeStepRegion();
  slept = [];
});

/** The real reader on the region's databases. */
function realReader(): KeptReader<"database"> {
  const settings = {
    region: "eu-west-1",
    credentials: { accessKeyId: "operator", secretAccessKey: "any" },
    maxAttempts: 1,
    requestHandler: new InProcessHandler(region.region.endpoint),
  };
  return databaseKeptReader({
    rds: new RDSClient(settings),
    ssm: new SSMClient(settings),
    secrets: new SecretsManagerClient(settings),
    undoLeadsTo: undoLeadsTo(region.ledger),
    environment: "prod",
  });
}

const remindWith = (database: KeptReader<"database">, at = "2026-11-28T09:00:00Z") =>
  region.run(() =>
    remindOfKept(question(at), {
      // Everybody hands a reader the address of its own kind.
      readers: { database: database as KeptReader },
      sns: region.sns,
      topic: region.topic,
      place: { application: "shop", environment: "prod", account: "111122223333", region: "eu-west-1" },
      sleep: async (seconds) => void slept.push(seconds),
    }),
  );
const messages = () => region.inputsOf("Publish");

describe("the daily look", () => {
  it("tells in one message what is due, to subscribers of reminders", async () => {
    expect(await remindWith(async () => [makeKept(), makeKept({ expires: "2026-11-29" })])).toEqual({
      kept: 2,
      due: 1,
      troubles: 0,
    });
    expect(messages()).toEqual([
      {
        TopicArn: region.topic,
        Subject: "Kept after a rollback: shop (prod)",
        Message: expect.stringContaining("database instance shop"),
        MessageAttributes: {
          phase: { DataType: "String", StringValue: "reminder" },
          environment: { DataType: "String", StringValue: "prod" },
        },
      },
    ]);
  });

  it("says nothing on a day on which nothing is due", async () => {
    expect(await remindWith(async () => [makeKept()], "2026-11-27T09:00:00Z")).toMatchObject({ due: 0 });
    expect(messages()).toEqual([]);
  });

  it("reads databases, what users are led by and the ledger, and says what it found", async () => {
    const { databases } = region.region.rds;
    const tags = [
      { Key: "stepback:state", Value: "retired" },
      { Key: "stepback:rollback", Value: "rb-1" },
      { Key: "stepback:expires", Value: "2026-11-28" },
    ];
    const engine = { Engine: "postgres", EngineVersion: "16.4" };
    const old = databases.install({ ...engine, DBInstanceIdentifier: "shop", tags });
    const fresh = databases.install({
      ...engine,
      DBInstanceIdentifier: "shop-sb-0a1b2c3d-new",
      tags: [
        { Key: "stepback:state", Value: "live" },
        { Key: "stepback:source", Value: old.resourceId },
      ],
    });
    const versions = [{ value: fresh.host ?? "", modifiedAt: region.clock().getTime() }];
    region.region.ssm.install({ name: HOST, type: "String", versions });
    const [move] = makeRollbackRecord().moves;
    const moves = move
      ? [{ ...move, component: "database", from: { id: old.resourceId, label: "shop" } }]
      : [];
    const record = makeRollbackRecord({ id: "rb-1", moves });
    await region.run(() => region.ledger.put(rollbackKey("rb-1"), RollbackRecord, record));

    expect(await remindWith(realReader())).toEqual({ kept: 1, due: 1, troubles: 0 });

    const text = String(messages()[0]?.["Message"]);
    expect(text).toContain("Users are on shop-sb-0a1b2c3d-new.");
    expect(text).toContain("--mode undo --undoes rb-1");
  });
});

describe("a look that does not succeed", () => {
  it("is repeated when AWS is busy, and nobody hears of it", async () => {
    let calls = 0;
    const reader: KeptReader<"database"> = async () => {
      if (++calls < 3) throw new StepbackError("AwsBusy", "Reading all database instances: Rate exceeded");
      return [makeKept()];
    };

    expect(await remindWith(reader)).toEqual({ kept: 1, due: 1, troubles: 0 });
    expect(slept).toEqual([20, 20]);
  });

  it("is told when it stays so, on a day on which nothing is due as well", async () => {
    const reader: KeptReader<"database"> = async () => {
      throw new StepbackError("AwsBusy", "Reading all database instances: Rate exceeded");
    };

    expect(await remindWith(reader, "2026-11-27T09:00:00Z")).toEqual({ kept: 0, due: 0, troubles: 1 });
    expect(messages()[0]).toMatchObject({
      Subject: "Cannot see what rollbacks kept: shop (prod)",
      Message: expect.stringContaining("- database: Reading all database instances: Rate exceeded"),
    });
  });

  it("is told at once when the role may not look", async () => {
    region.region.faults.add({
      service: "rds",
      operation: "DescribeDBSnapshots",
      effect: "access-denied",
    });

    expect(await remindWith(realReader())).toMatchObject({ troubles: 1 });
    expect(messages()[0]?.["Message"]).toContain("- database: Reading all database snapshots: ");
    expect(slept).toEqual([]);
  });

  it("ends the function when it is a bug", async () => {
    const reader: KeptReader<"database"> = async () => {
      throw new TypeError("kept is undefined");
    };

    await expect(remindWith(reader)).rejects.toThrow("kept is undefined");
    expect(messages()).toEqual([]);
  });
});
