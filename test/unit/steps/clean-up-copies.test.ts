import { beforeEach, describe, expect, it } from "vitest";
import { ASKING_LOCK } from "../../../lambdas/contracts/lock.ts";
import type { Tick, TickRequest } from "../../../lambdas/contracts/tick.ts";
import { planOf } from "../../../lambdas/domain/planning/plan-of.ts";
import { makeRelations } from "../../support/make-relations.ts";
import { makeMove } from "../domain/make-move.ts";
import { makePlanned } from "../domain/make-planned.ts";
import { type CleanUpStage, ended, makeCleanUp } from "./make-clean-up.ts";

let stage: CleanUpStage;

beforeEach(async () => {
  stage = await makeCleanUp();
  await stage.holdCopies();
  await stage.evidence(asking);
});

/** A database that `api` writes to, and whose copy was made while people were asked. */
const asking = makePlanned({
  plan: planOf(
    [
      makeMove({ component: "database", kind: "database", tier: "data", prepareSeconds: 900 }),
      makeMove({ component: "api" }),
    ],
    [],
    makeRelations({ database: { pauses: ["api"] } }),
  ).plan,
  ahead: ["database"],
});
const rejected = ended("FAILED", "Rejected");
const removing = async (request: TickRequest): Promise<Tick> => {
  const tick = await stage.answer(request);
  return { ...tick, verb: "discard", status: "working", note: "RDS is deleting it.", waitSeconds: 600 };
};
const refusing = async (request: TickRequest): Promise<Tick> => {
  const { component, verb } = await stage.answer(request);
  const note = "RDS refuses to delete it.";
  return { component, verb, status: "failed", code: "REFUSED_BY_AWS", note, touched: false };
};
const subjects = () => stage.messages().map(({ Subject }) => Subject);

describe("the copies of a question to which nobody said yes", () => {
  it("are removed without another word, and nothing else is touched", async () => {
    const end = await stage.clean(rejected);

    expect(end).toMatchObject({ finished: true, released: true, told: false, left: [] });
    const asked = stage.asked.map(({ move, lock, verbs }) => [move.component, lock, verbs.join()]);
    expect(asked).toEqual([
      ["database", ASKING_LOCK, "tidy"],
      ["database", ASKING_LOCK, "discard"],
    ]);
    expect(await stage.holder(ASKING_LOCK)).toBeUndefined();
    expect(subjects()).toEqual([]);
  });

  it("keep their lock until they are gone: a function that outlived the question makes nothing any more", async () => {
    expect(await stage.clean(rejected, removing)).toMatchObject({ finished: false, told: false });
    expect(await stage.holder(ASKING_LOCK)).toMatchObject({ fence: 5, tidying: true });

    expect(await stage.clean(rejected, stage.answer, 1)).toMatchObject({ finished: true, told: false });
    expect(await stage.holder(ASKING_LOCK)).toBeUndefined();
  });

  it("are told when they cannot be removed", async () => {
    const end = await stage.clean(rejected, refusing);

    expect(end).toMatchObject({ finished: true, told: true, left: ["database"] });
    expect(subjects()).toEqual(["A copy of prod is left"]);
    expect(stage.messages()[0]?.["Message"]).toContain("database: RDS refuses to delete it.");
  });

  it("are told when their removal takes longer than five hours", async () => {
    expect(await stage.clean(rejected, removing, 60)).toMatchObject({ finished: true, left: ["database"] });
    expect(subjects()).toEqual(["A copy of prod is left"]);
  });

  describe("while RDS still backs one up, and lets it go hours later", () => {
    const { rollbackId } = asking;
    const leaving = async (request: TickRequest): Promise<Tick> => {
      const tick = await stage.answer(request);
      await stage.lack("the deletion of the copy");
      return { ...tick, verb: "discard", note: "It is deleted by itself." };
    };
    const deleting = async (request: TickRequest): Promise<Tick> => {
      const tick = await stage.answer(request);
      await stage.lack("");
      return { ...tick, verb: "complete", note: "It is gone." };
    };

    it("give their lock back: the next question may have copies, too", async () => {
      const end = await stage.clean(rejected, leaving);

      expect(end).toMatchObject({ finished: true, released: true, told: false, incomplete: rollbackId });
      expect(await stage.holder(ASKING_LOCK)).toBeUndefined();
    });

    it("go by themselves then, without a word", async () => {
      await stage.clean(rejected, leaving);

      expect(await stage.complete(leaving)).toMatchObject({ finished: false, told: false });
      expect(await stage.complete(deleting, 1)).toMatchObject({ finished: true, told: false, left: [] });
      expect(subjects()).toEqual([]);
    });

    it("are told when it has not let them go after a day", async () => {
      await stage.clean(rejected, leaving);

      expect(await stage.complete(leaving, 144)).toMatchObject({ finished: true, told: true });
      expect(subjects()).toEqual(["A copy of prod is left"]);
    });

    it("are told when the plan is lost meanwhile: nobody knows any more what was made", async () => {
      await stage.clean(rejected, leaving);
      await stage.evidence("not a plan");

      expect(await stage.complete(leaving)).toMatchObject({ finished: true, told: true });
      expect(subjects()).toEqual(["A copy of prod is left"]);
      expect(stage.messages()[0]?.["Message"]).toContain("The plan could not be read");
    });

    it("are announced when the question was stopped", async () => {
      await stage.clean(ended("ABORTED"), leaving);

      expect(stage.messages()[0]?.["Message"]).toContain("that of database by itself when AWS lets it go");
    });
  });

  it("are told when the plan is gone: nobody knows what was made", async () => {
    await stage.evidence("not a plan");

    expect(await stage.clean(rejected)).toMatchObject({ finished: true, released: true, told: true });
    expect(stage.messages()[0]?.["Message"]).toContain("The plan could not be read");
    expect(await stage.holder(ASKING_LOCK)).toBeUndefined();
  });

  it("are removed when the execution was stopped, and then people are told: it could not say so itself", async () => {
    await stage.clean(ended("ABORTED"));

    expect(subjects()).toEqual(["A question of prod ended ABORTED"]);
    expect(stage.messages()[0]?.["Message"]).toContain("It changed nothing that anybody meets.");
  });
});

describe("a rollback that began with copies, and could not give their lock back", () => {
  beforeEach(() => stage.hold());

  it("is put in order as a whole, when it was stopped, and both locks are free", async () => {
    await stage.clean(ended("ABORTED"));

    expect(new Set(stage.asked.map(({ move, lock }) => `${move.component} ${lock}`))).toEqual(
      new Set(["database lock", "api lock"]),
    );
    expect(await stage.holder()).toBeUndefined();
    expect(await stage.holder(ASKING_LOCK)).toBeUndefined();
  });

  it("leaves both locks free when it recovered, and its copy alone", async () => {
    await stage.clean(ended("SUCCEEDED"));

    expect(stage.asked).toEqual([]);
    expect(await stage.holder(ASKING_LOCK)).toBeUndefined();
  });
});
