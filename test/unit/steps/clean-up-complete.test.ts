import { beforeEach, describe, expect, it } from "vitest";
import { RollbackRecord, rollbackKey } from "../../../lambdas/contracts/ledger.ts";
import { COMPLETING_LOCK } from "../../../lambdas/contracts/lock.ts";
import type { Tick, TickRequest } from "../../../lambdas/contracts/tick.ts";
import { rollbackIdOf } from "../../../lambdas/domain/rollback-id.ts";
import { makeRollbackRecord } from "../domain/make-rollback-record.ts";
import { type CleanUpStage, ended, makeCleanUp, plannedWithData } from "./make-clean-up.ts";

const planned = plannedWithData;
const { rollbackId } = planned;

let stage: CleanUpStage;

const record = (id = rollbackId) =>
  stage.region.run(() => stage.region.ledger.get(rollbackKey(id), RollbackRecord));
const remember = (id = rollbackId) =>
  stage.region.run(() =>
    stage.region.ledger.put(rollbackKey(id), RollbackRecord, {
      ...makeRollbackRecord({ id, outcome: "Recovered" }),
      incomplete: ["database"],
    }),
  );
/** RDS takes it now. */
const setting = async (request: TickRequest): Promise<Tick> => {
  const tick = await stage.answer(request);
  await stage.lack("");
  return { ...tick, verb: "complete", note: "It has every setting of the original now." };
};
/** RDS still backs it up. */
const waiting = async (request: TickRequest): Promise<Tick> => {
  const { component } = await stage.answer(request);
  const note = "It is backing-up.";
  return { component, verb: "complete", status: "failed", code: "TOO_SLOW", note, touched: false };
};
const told = () =>
  stage.messages().map(({ Subject, MessageAttributes }) => [Subject, phaseIn(MessageAttributes)]);
const phaseIn = (attributes: unknown) =>
  (attributes as Readonly<Record<string, { readonly StringValue: string }>>)["phase"]?.StringValue;

beforeEach(async () => {
  stage = await makeCleanUp();
  await stage.evidence(planned);
  await stage.region.run(() => stage.lack("enhanced monitoring is off"));
});

describe("what a rollback lacks", () => {
  it("is named when its execution has ended, whatever the end was", async () => {
    const id = rollbackIdOf({ name: "run-1", startedAt: "2026-11-21T01:00:00.000Z" });
    await remember(id);

    expect(await stage.lookAfter(ended("SUCCEEDED"))).toMatchObject({ finished: true, incomplete: id });
    expect(await stage.lookAfter(ended("FAILED", "PartlyRolledBack"))).toMatchObject({ incomplete: id });
  });

  it("is nothing after every other rollback", async () => {
    expect(await stage.lookAfter(ended("SUCCEEDED"))).toMatchObject({ finished: true, incomplete: null });
  });

  it("is asked of the component alone, under a lock that keeps nobody from rolling back, and forgotten when it is done", async () => {
    await remember();

    expect(await stage.complete(setting)).toMatchObject({ finished: true, left: [] });
    expect(stage.asked.map(({ move, lock, verbs }) => [move.component, lock, verbs])).toEqual([
      ["database", COMPLETING_LOCK, ["complete"]],
    ]);
    expect((await record())?.incomplete).toBeUndefined();
    expect(await stage.holder(COMPLETING_LOCK)).toBeUndefined();
    expect(told()).toEqual([[`Complete: ${rollbackId}`, "outcome"]]);
  });

  it("is asked for again, silently, while RDS does not take it", async () => {
    await remember();

    expect(await stage.complete(waiting)).toMatchObject({ finished: false, told: false });
    expect((await record())?.incomplete).toEqual(["database"]);
    expect(await stage.holder(COMPLETING_LOCK)).toBeUndefined();
    expect(told()).toEqual([]);
  });

  it("waits while anybody rolls back: that may be about the same database", async () => {
    await remember();
    await stage.hold();

    expect(await stage.complete(setting)).toMatchObject({ finished: false, told: false });
    expect(stage.asked).toEqual([]);
  });

  it("overwrites nothing that somebody finished meanwhile: RDS takes minutes", async () => {
    await remember();
    const unfinished = { components: ["page"], halfWay: false, holds: ["page"] };
    const finishing = async (request: TickRequest): Promise<Tick> => {
      const known = await stage.region.ledger.get(rollbackKey(rollbackId), RollbackRecord);
      if (known)
        await stage.region.ledger.put(rollbackKey(rollbackId), RollbackRecord, { ...known, unfinished });
      return setting(request);
    };

    await stage.complete(finishing);

    expect(await record()).toMatchObject({ unfinished });
    expect((await record())?.incomplete).toBeUndefined();
  });

  it("is seen anew, and asked for by itself, when a rollback is finished that lacks it since", async () => {
    const unfinished = { components: ["database"], halfWay: true, holds: ["database", "api"] };
    const made = makeRollbackRecord({ id: rollbackId, outcome: "PartlyRolledBack" });
    await stage.region.run(() =>
      stage.region.ledger.put(rollbackKey(rollbackId), RollbackRecord, { ...made, unfinished }),
    );

    expect(await stage.finish({ rollbackId })).toMatchObject({ finished: true, incomplete: rollbackId });
    expect((await record())?.incomplete).toEqual(["database"]);
  });

  it("is given up after a day, and people read why and what to type", async () => {
    await remember();

    expect(await stage.complete(waiting, 144)).toMatchObject({ finished: true, left: ["database"] });
    expect(told()).toEqual([[`Not complete: ${rollbackId}`, "failure"]]);
    expect(stage.messages()[0]?.["Message"]).toContain("database: It is backing-up.");
    expect(stage.messages()[0]?.["Message"]).toContain(`npx stepback finish ${rollbackId}`);
  });

  it("is a person's when it cannot be done by itself, and the person reads what to do", async () => {
    await remember();
    const giving = async (request: TickRequest): Promise<Tick> => {
      const tick = await waiting(request);
      await stage.lack("");
      return { ...tick, note: "Its original is gone: set by hand …" };
    };

    expect(await stage.complete(giving)).toMatchObject({ finished: true, told: true, left: [] });
    expect(told()).toEqual([[`Not complete: ${rollbackId}`, "failure"]]);
    expect(stage.messages()[0]?.["Message"]).toContain("database: Its original is gone: set by hand");
  });

  it("is done at once when a person asks for it, or the person hears why not", async () => {
    await remember();

    expect(await stage.finish({ rollbackId }, waiting)).toMatchObject({ finished: true, left: ["database"] });
    expect(await stage.finish({ rollbackId }, setting)).toMatchObject({ finished: true, left: [] });
    expect(told()).toEqual([
      [`Not yet: ${rollbackId} (prod)`, "outcome"],
      [`Complete: ${rollbackId}`, "outcome"],
    ]);
  });
});
