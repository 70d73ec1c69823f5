import { beforeEach, describe, expect, it } from "vitest";
import { StepbackError } from "../../../lambdas/contracts/errors.ts";
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

  it("is given to people after five hours: who waits for the data stays as it is", async () => {
    const end = await clean(renaming, 60);

    expect(end).toMatchObject({ finished: true, released: true, tidied: ["database: RDS is renaming."] });
    expect(askedFor()).toEqual(["database"]);
  });

  it("keeps who waits for data stopped while AWS does not answer, and goes on when it does", async () => {
    const busy = async (request: TickRequest): Promise<Tick> => {
      if (request.move.component === "database") throw new StepbackError("AwsBusy", "RDS is down.");
      return stage.answer(request);
    };

    expect(await clean(busy)).toMatchObject({ finished: false, released: false, told: true });
    expect(askedFor()).toEqual([]);
    expect(stage.messages()[0]?.["Message"]).toContain(
      "database: could not be tidied, look at it. AwsBusy: RDS is down.",
    );
    expect(await clean(stage.answer, 1)).toMatchObject({ finished: true, released: true });
    expect(askedFor()).toEqual(["database", "api"]);
  });

  it("keeps its lock for what AWS does not answer for, also beside the removal of a copy", async () => {
    const both = async (request: TickRequest): Promise<Tick> => {
      if (request.move.component === "api") throw new StepbackError("AwsBusy", "ECS is down.");
      return discarding(request);
    };
    await clean(both);
    await clean(both, 1);

    expect(await isFree()).toBe(false);
  });

  it("asks again within a look, so that a short outage costs nobody a second one", async () => {
    let asked = 0;
    const end = await clean(async (request) => {
      if (request.move.component === "database" && asked++ < 3) {
        throw Object.assign(new Error("Task timed out"), { name: "Sandbox.Timedout" });
      }
      return stage.answer(request);
    });

    expect(end).toMatchObject({ finished: true, released: true });
    expect(askedFor()).toEqual(["database", "api"]);
  });

  it("gives up at once on what no time cures, and leaves who waits for that data as it is", async () => {
    const broken = async (request: TickRequest): Promise<Tick> => {
      if (request.move.component === "database") throw new StepbackError("LedgerCorrupt", "Repair the item.");
      return stage.answer(request);
    };

    expect(await clean(broken)).toMatchObject({ finished: true, released: true });
    expect(askedFor()).toEqual([]);
  });

  it("is not said to be a stop, nor offered for a redrive, after an execution that told how it ended", async () => {
    await stage.clean(ended("FAILED", "PartlyRolledBack"), renaming);
    await stage.clean(ended("FAILED", "PartlyRolledBack"), stage.answer, 1);

    for (const message of stage.messages()) {
      expect(message["Message"]).toContain("said how it ended, and left something to be put in order");
      expect(message["Message"]).not.toContain("redrive-execution");
    }
  });
});
