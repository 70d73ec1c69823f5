import { beforeEach, describe, expect, it } from "vitest";
import type { Tick, TickRequest } from "../../../lambdas/contracts/tick.ts";
import { planOf } from "../../../lambdas/domain/planning/plan-of.ts";
import { currentLock } from "../../../lambdas/platform/ledger/lock.ts";
import { makeRelations } from "../../support/make-relations.ts";
import { makeMove } from "../domain/make-move.ts";
import { makePlanned } from "../domain/make-planned.ts";
import { type CleanUpStage, ended, makeCleanUp } from "./make-clean-up.ts";

let stage: CleanUpStage;

beforeEach(async () => {
  stage = await makeCleanUp();
});

describe("what takes longer than one look", () => {
  /** `database` is the data of `api`, which waits for it; its copy is discarded last. */
  const data = makePlanned({
    plan: planOf(
      [makeMove({ component: "database", kind: "database", tier: "data" }), makeMove({ component: "api" })],
      [],
      makeRelations({ database: { pauses: ["api"] } }),
    ).plan,
  });
  const renaming = async (request: TickRequest): Promise<Tick> => {
    const tick = await stage.answer(request);
    if (request.move.component !== "database") return tick;
    return { ...tick, status: "working", note: "RDS is renaming.", waitSeconds: 600 };
  };
  const discarding = async (request: TickRequest): Promise<Tick> => {
    const tick = await stage.answer(request);
    if (!request.verbs.includes("discard")) return tick;
    return { ...tick, verb: "discard", status: "working", note: "RDS is deleting it.", waitSeconds: 600 };
  };
  const clean = (mover: typeof discarding, looks = 0) => stage.clean(ended("ABORTED"), mover, looks);
  const isFree = async () => {
    const { ledger, clock, run } = stage.region;
    return (await run(() => currentLock(ledger, "lock", clock()))) === undefined;
  };
  const askedFor = () => [...new Set(stage.asked.map(({ move }) => move.component))];

  beforeEach(async () => {
    await stage.hold();
    await stage.evidence(data);
  });

  it("keeps its lock and who waits for the data as they are, and people are told that it goes on", async () => {
    expect(await clean(renaming)).toEqual({
      finished: false,
      released: false,
      tidied: ["database: RDS is renaming."],
      told: true,
    });
    expect(askedFor()).toEqual(["database"]);
    expect(await stage.holder()).toMatchObject({ owner: data.rollbackId });
    expect(stage.messages()[0]).toMatchObject({ Subject: "A stopped rollback of prod is being tidied up" });
  });

  it("is told once, and then how it ended", async () => {
    await clean(renaming);
    await clean(renaming, 1);
    const end = await clean(stage.answer, 2);

    expect(end).toMatchObject({ finished: true, released: true, told: true });
    expect(askedFor()).toEqual(["database", "api"]);
    expect(stage.messages().map(({ Subject }) => Subject)).toEqual([
      "A stopped rollback of prod is being tidied up",
      "Look now: a rollback of prod ended ABORTED",
    ]);
  });

  it("is waited for by nobody when all that is left is the removal of a copy", async () => {
    await clean(discarding);
    expect(await isFree()).toBe(false);
    expect(await clean(discarding, 1)).toMatchObject({ finished: false, released: false, told: false });

    expect(await isFree()).toBe(true);
    expect(await clean(stage.answer, 2)).toMatchObject({ finished: true, released: true, told: true });
  });

  it("says that a copy may be left when another rollback begins before it is removed", async () => {
    await clean(discarding);
    await clean(discarding, 1);
    await stage.hold("arn:another:execution");
    const end = await clean(discarding, 2);

    expect(end).toMatchObject({ finished: true, released: false, told: true });
    expect(stage.messages().at(-1)?.["Message"]).toContain("A copy that nobody uses may be left");
  });

  it("is given to people after three hours: who waits for the data stays as it is", async () => {
    const end = await clean(renaming, 36);

    expect(end).toMatchObject({ finished: true, released: true, tidied: ["database: RDS is renaming."] });
    expect(askedFor()).toEqual(["database"]);
  });
});
