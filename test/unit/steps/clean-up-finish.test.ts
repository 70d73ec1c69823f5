import { beforeEach, describe, expect, it } from "vitest";
import {
  JournalEntry,
  journalPrefix,
  RollbackRecord,
  rollbackKey,
} from "../../../lambdas/contracts/ledger.ts";
import type { Tick, TickRequest } from "../../../lambdas/contracts/tick.ts";
import { makeRollbackRecord } from "../domain/make-rollback-record.ts";
import { type CleanUpStage, FINISHING, makeCleanUp, plannedWithData } from "./make-clean-up.ts";

const planned = plannedWithData;
const key = rollbackKey(planned.rollbackId);
const unfinished = { components: ["database"], halfWay: true, holds: ["database", "api"] };

let stage: CleanUpStage;

const asked = () => [...new Set(stage.asked.map(({ move }) => move.component))];
const record = () => stage.region.run(() => stage.region.ledger.get(key, RollbackRecord));
const remember = (left?: RollbackRecord["unfinished"]) =>
  stage.region.run(() =>
    stage.region.ledger.put(key, RollbackRecord, {
      ...makeRollbackRecord({ id: planned.rollbackId, outcome: "PartlyRolledBack" }),
      ...(left ? { unfinished: left } : {}),
    }),
  );
const halfWay = async (request: TickRequest): Promise<Tick> => {
  const tick = await stage.answer(request);
  const failed = { status: "failed", code: "HALF_WAY", note: "By hand: aws …", touched: true } as const;
  return request.move.component === "database" ? { ...tick, ...failed } : tick;
};

beforeEach(async () => {
  stage = await makeCleanUp();
  await stage.evidence(planned);
});

describe("a rollback that is finished", () => {
  it("has its data brought to its end, then its writers, and is remembered as finished", async () => {
    await remember(unfinished);

    expect(await stage.finish()).toMatchObject({ finished: true, released: true, left: [] });
    expect(asked()).toEqual(["database", "api"]);
    expect((await record())?.unfinished).toBeUndefined();
    expect(await record()).toMatchObject({ outcome: "PartlyRolledBack" });
    expect(await stage.holder()).toBeUndefined();
    expect(stage.messages()[0]).toMatchObject({ Subject: `${planned.rollbackId} is finished` });
  });

  it("stays unfinished while its data does, and people read the commands again", async () => {
    await remember(unfinished);

    expect(await stage.finish({}, halfWay)).toMatchObject({ finished: true, left: ["database"] });
    expect(asked()).toEqual(["database"]);
    expect(await record()).toMatchObject({ unfinished });
    const [message] = stage.messages();
    expect(message?.["Subject"]).toBe(`Look now: ${planned.rollbackId} is still not finished`);
    expect(message?.["Message"]).toContain("By hand: aws …");
    expect(message?.["Message"]).toContain(`npx stepback finish ${planned.rollbackId} --environment prod`);
  });

  it("leaves alone what a person has put in order, and does the rest", async () => {
    await remember(unfinished);

    expect(await stage.finish({ asItIs: true }, halfWay)).toMatchObject({ finished: true, left: [] });
    expect(asked()).toEqual(["api"]);
    expect((await record())?.unfinished).toBeUndefined();
  });

  it("is not finished while something is noted as left, unless a person says that it is in order", async () => {
    await remember({ ...unfinished, components: ["api"], halfWay: false });
    const note = {
      component: "api",
      step: "left",
      at: "2026-11-21T01:02:00.000Z",
      facts: { what: "a schedule" },
    };
    const entry = `${journalPrefix(planned.rollbackId, "api")}left`;
    await stage.region.run(() => stage.region.ledger.put(entry, JournalEntry, note));

    expect(await stage.finish()).toMatchObject({ finished: true, left: ["api"] });
    expect(await stage.finish({ asItIs: true })).toMatchObject({ finished: true, left: [] });
    expect((await record())?.unfinished).toBeUndefined();
  });

  it("goes on look by look under its own lock, and is told once before its end", async () => {
    await remember(unfinished);
    const renaming = async (request: TickRequest): Promise<Tick> => ({
      ...(await stage.answer(request)),
      ...{ status: "working", note: "RDS is renaming.", waitSeconds: 600 },
    });

    expect(await stage.finish({}, renaming)).toMatchObject({ finished: false, told: true });
    expect(await stage.holder()).toMatchObject({ owner: planned.rollbackId, execution: FINISHING });
    expect(await stage.finish({}, renaming, 1)).toMatchObject({ finished: false, told: false });
    expect(await stage.finish({}, stage.answer, 2)).toMatchObject({ finished: true, released: true });
  });
});

describe("a rollback that cannot be finished", () => {
  it.each<[string, () => Promise<unknown>, string, string]>([
    ["nobody knows", async () => {}, "rb-other", "There is no such rollback in the ledger"],
    ["left nothing", () => remember(), planned.rollbackId, "Nothing of it is left to be put right"],
  ])("is one that %s: people are told so, and nothing is asked", async (_, before, rollbackId, why) => {
    await before();

    const end = await stage.finish({ rollbackId });

    expect(end).toMatchObject({ finished: true, released: false, problem: expect.stringContaining(why) });
    expect(stage.messages()[0]?.["Message"]).toContain("Nothing was changed.");
    expect(asked()).toEqual([]);
  });

  it("is never said to be finished when its plan cannot be read: nothing was asked", async () => {
    await remember(unfinished);
    await stage.evidence("not a plan");

    expect(await stage.finish()).toMatchObject({ finished: true, released: true, left: ["database"] });
    expect(stage.messages()[0]?.["Subject"]).toBe(`Look now: ${planned.rollbackId} is still not finished`);
    expect(await record()).toMatchObject({ unfinished });
    expect(asked()).toEqual([]);
  });

  it("is never said to be finished when another one takes the lock between two looks", async () => {
    await remember(unfinished);
    const busy = async (request: TickRequest): Promise<Tick> => ({
      ...(await stage.answer(request)),
      ...{ status: "working", note: "RDS is renaming.", waitSeconds: 600 },
    });
    await stage.finish({}, busy);
    await stage.hold("arn:another:execution");

    expect(await stage.finish({}, busy, 1)).toMatchObject({ finished: true, left: ["database"] });
    expect(stage.messages().at(-1)?.["Subject"]).toBe(
      `Look now: ${planned.rollbackId} is still not finished`,
    );
  });

  it("waits for its turn while another one runs", async () => {
    await remember(unfinished);
    await stage.hold("arn:another:execution");

    const end = await stage.finish();

    expect(end.problem).toMatch(/Another rollback is running.*npx stepback finish/);
    expect(asked()).toEqual([]);
    expect(await stage.holder()).toMatchObject({ execution: "arn:another:execution" });
  });
});
