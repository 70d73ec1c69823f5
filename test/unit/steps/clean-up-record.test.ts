import { PutObjectCommand } from "@aws-sdk/client-s3";
import { beforeEach, describe, expect, it } from "vitest";
import {
  JournalEntry,
  journalPrefix,
  RollbackRecord,
  rollbackKey,
} from "../../../lambdas/contracts/ledger.ts";
import { makePlanned } from "../domain/make-planned.ts";
import { type CleanUpStage, ended, executionArn, makeCleanUp, planned } from "./make-clean-up.ts";

let stage: CleanUpStage;

beforeEach(async () => {
  stage = await makeCleanUp();
});

describe("what it had done before it died", () => {
  const key = rollbackKey(planned.rollbackId);
  const record = () => stage.region.run(() => stage.region.ledger.get(key, RollbackRecord));
  const journal = (component: string, step: string) =>
    stage.region.run(() =>
      stage.region.ledger.put(`${journalPrefix(planned.rollbackId, component)}${step}`, JournalEntry, {
        ...{ component, step, at: "2026-11-21T01:02:00.000Z", facts: {} },
      }),
    );
  const undo = `--mode undo --undoes ${planned.rollbackId}`;

  beforeEach(async () => {
    await stage.hold();
    await stage.evidence();
    await journal("api", "cut-over-began");
    await journal("web", "prepare-began");
  });

  it("is remembered, as far as it began, and its undo is offered", async () => {
    await stage.clean(ended("ABORTED"));

    const [api] = planned.plan.moves;
    expect(await record()).toMatchObject({
      id: planned.rollbackId,
      mode: "execute",
      outcome: "Stopped",
      eventId: planned.eventId,
      startedAt: "2026-11-21T01:00:00.000Z",
      moves: [{ component: "api", from: api?.from, to: api?.to }],
      report: `s3://${stage.region.bucket}/prod/${planned.rollbackId}/plan.json`,
    });
    expect(stage.messages()[0]?.["Message"]).toContain(undo);
  });

  it("is remembered anew when it is redriven, goes on, and is stopped again", async () => {
    await stage.clean(ended("ABORTED"));
    await stage.hold();
    await journal("web", "cut-over-began");
    await stage.clean(ended("ABORTED"));

    expect((await record())?.moves.map(({ component }) => component)).toEqual(["api", "web"]);
  });

  it("is not told again where its own report says it better: only its lock was left", async () => {
    await stage.clean(ended("ABORTED"));
    const own = { ...(await record()), outcome: "PartlyRolledBack" };
    await stage.region.run(() => stage.region.ledger.put(key, RollbackRecord, RollbackRecord.parse(own)));
    await stage.hold();
    await stage.clean(ended("FAILED", "PartlyRolledBack"));

    expect(await record()).toEqual(own);
  });

  it("is nothing when no change had begun: there is a record, and no undo to offer", async () => {
    const other = makePlanned({ rollbackId: "rb-20261121-020005-aaaaaaaa" });
    await stage.region.holdLock(other.rollbackId, executionArn);
    await stage.region.run(() =>
      stage.region.s3.send(
        new PutObjectCommand({
          ...{
            Bucket: stage.region.bucket,
            Key: `prod/${other.rollbackId}/plan.json`,
            Body: JSON.stringify(other),
          },
        }),
      ),
    );
    await stage.clean(ended("TIMED_OUT"));

    const found = await stage.region.run(() =>
      stage.region.ledger.get(rollbackKey(other.rollbackId), RollbackRecord),
    );
    expect(found).toMatchObject({ outcome: "Stopped", moves: [] });
    expect(stage.messages()[0]?.["Message"]).not.toContain("--mode undo");
  });
});
