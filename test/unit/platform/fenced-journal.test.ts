import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { FencedJournal } from "../../../lambdas/platform/ledger/fenced-journal.ts";
import { LedgerTable } from "../../../lambdas/platform/ledger/ledger-table.ts";
import { currentLock, releaseLock, takeOverLock } from "../../../lambdas/platform/ledger/lock.ts";
import { makeLedger, now } from "./make-ledger.ts";

describe("the journal", () => {
  const entry = (step: string, facts: Record<string, string>) => ({
    component: "api",
    step,
    at: now.toISOString(),
    facts,
  });

  it("remembers the steps of one component of one rollback; the last word on a step counts", async () => {
    const { ledger, run, holdLock, clock } = makeLedger();
    await holdLock({ owner: "rb-1", fence: 3 });
    const journal = new FencedJournal(ledger, {
      lock: "lock",
      rollbackId: "rb-1",
      fence: 3,
      redrives: 0,
      clock,
    });
    await run(() => journal.write("api", "update", { deployment: "a" }));
    await run(() => journal.write("api", "alarms", { names: "x" }));
    await run(() => journal.write("api", "update", { deployment: "b" }));
    await run(() => journal.write("api-2", "update", { deployment: "c" }));

    expect(await run(() => journal.read("api"))).toEqual([
      entry("alarms", { names: "x" }),
      entry("update", { deployment: "b" }),
    ]);
  });

  it.each([
    ["somebody else took over", { owner: "rb-2", fence: 4 }],
    ["the same rollback took the lock again", { owner: "rb-1", fence: 4 }],
    ["somebody else holds the same number", { owner: "rb-2", fence: 3 }],
  ])("writes nothing any more once %s", async (_, taken) => {
    const { ledger, run, holdLock, clock } = makeLedger();
    await holdLock({ owner: "rb-1", fence: 3 });
    const journal = new FencedJournal(ledger, {
      lock: "lock",
      rollbackId: "rb-1",
      fence: 3,
      redrives: 0,
      clock,
    });
    await run(() => journal.write("api", "prepare", {}));
    await holdLock(taken);

    await expect(run(() => journal.write("api", "update", { deployment: "a" }))).rejects.toMatchObject({
      name: "LockLost",
      message: "rb-1 wanted to update api, but no longer holds the lock (fence 3); nothing was changed.",
    });
    expect(await run(() => journal.read("api"))).toEqual([entry("prepare", {})]);
  });

  it("writes nothing without a lock", async () => {
    const { ledger, run, clock } = makeLedger();
    const journal = new FencedJournal(ledger, {
      lock: "lock",
      rollbackId: "rb-1",
      fence: 1,
      redrives: 0,
      clock,
    });

    await expect(run(() => journal.write("api", "update", {}))).rejects.toMatchObject({ name: "LockLost" });
    expect(await run(() => journal.read("api"))).toEqual([]);
  });

  it("does not take other trouble for a lost lock", async () => {
    const cut = Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    const client = new DynamoDBClient({
      region: "eu-west-1",
      credentials: { accessKeyId: "any", secretAccessKey: "any" },
      maxAttempts: 1,
      requestHandler: { handle: () => Promise.reject(cut) },
    });
    const ledger = new LedgerTable(client, { table: "ledger", environment: "prod" });
    const journal = new FencedJournal(ledger, {
      lock: "lock",
      rollbackId: "rb-1",
      fence: 1,
      redrives: 0,
      clock: () => now,
    });

    await expect(journal.write("api", "update", {})).rejects.toBe(cut);
  });
});

describe("the journal after a stop", () => {
  /** rb-1 held the lock under fence 3 and was stopped. */
  async function makeStopped() {
    const made = makeLedger();
    await made.holdLock({ owner: "rb-1", fence: 3 });
    const lock = await made.run(() => currentLock(made.ledger, "lock", now));
    if (!lock) throw new Error("nobody holds it");
    const journalOf = (redrives: number, fence = 3) =>
      new FencedJournal(made.ledger, {
        lock: "lock",
        rollbackId: "rb-1",
        fence,
        redrives,
        clock: made.clock,
      });
    const write = (journal: FencedJournal, step: string) =>
      made
        .run(() => journal.write("api", step, {}))
        .then(
          () => "written",
          (error: Error) => error.name,
        );
    const takeOver = () => made.run(() => takeOverLock(made.ledger, lock));
    const giveBack = (resumable: boolean) =>
      made.run(async () => {
        const mine = await takeOverLock(made.ledger, lock);
        return mine && releaseLock(made.ledger, mine, { resumable });
      });
    return { ...made, journalOf, write, takeOver, giveBack };
  }

  it.each([
    ["before it looked", false],
    ["after it wrote", true],
  ])("is closed to a function that outlived its execution, when the clean-up came %s", async (_, wrote) => {
    const { journalOf, write, takeOver } = await makeStopped();
    const outliving = journalOf(0);
    if (wrote) expect(await write(outliving, "prepare")).toBe("written");
    await takeOver();

    expect(await write(outliving, "update")).toBe("LockLost");
  });

  it("stays closed to it when the lock was given back, and when a redriven run took it again", async () => {
    const { journalOf, write, giveBack } = await makeStopped();
    const outliving = journalOf(0);
    await write(outliving, "prepare");
    await giveBack(true);

    expect(await write(outliving, "update")).toBe("LockLost");
    expect(await write(journalOf(0), "update")).toBe("LockLost");
    expect(await write(journalOf(1), "update")).toBe("written");
    expect(await write(outliving, "update")).toBe("LockLost");
    expect(await write(journalOf(0), "update")).toBe("LockLost");
  });

  it("tells a redriven run to wait while the clean-up is at work, also one that had begun before", async () => {
    const { journalOf, write, run, takeOver } = await makeStopped();
    const early = journalOf(1);
    expect(await write(early, "prepare")).toBe("written");
    await takeOver();

    expect(await write(early, "update")).toBe("BeingTidied");
    await expect(run(() => journalOf(1).read("api"))).rejects.toMatchObject({ name: "BeingTidied" });
  });

  it("lets a redriven run take the lock again, and its neighbours write beside it", async () => {
    const { journalOf, write, ledger, run, giveBack } = await makeStopped();
    await giveBack(true);

    expect(await write(journalOf(1), "prepare")).toBe("written");
    expect(await write(journalOf(1), "update")).toBe("written");
    expect(await run(() => currentLock(ledger, "lock", new Date(0)))).toMatchObject({
      ...{ owner: "rb-1", execution: "arn:execution:1", fence: 5, redrives: 1 },
    });
  });

  it("lets one of two neighbours take it; the other is asked again and goes on", async () => {
    const { journalOf, write, giveBack } = await makeStopped();
    await giveBack(true);

    const both = await Promise.all([write(journalOf(1), "prepare"), write(journalOf(1), "update")]);

    expect(both).toContain("written");
    expect(both.every((one) => one === "written" || one === "AwsBusy")).toBe(true);
    expect(await write(journalOf(1), "update")).toBe("written");
  });

  it("is closed to a redriven run that may not go on", async () => {
    const { journalOf, write, giveBack } = await makeStopped();
    await giveBack(false);

    expect(await write(journalOf(1), "prepare")).toBe("LockLost");
  });

  it.each([
    ["holds the lock", false],
    ["took the lock and gave it back", true],
  ])("is closed to a redriven run when another rollback %s", async (_, released) => {
    const { journalOf, write, giveBack, holdLock, ledger, run } = await makeStopped();
    await giveBack(true);
    await holdLock({ owner: "rb-2", fence: 5 });
    if (released) {
      const other = await run(() => currentLock(ledger, "lock", now));
      if (other) await run(() => releaseLock(ledger, other));
    }

    expect(await write(journalOf(1), "prepare")).toBe("LockLost");
  });
});
