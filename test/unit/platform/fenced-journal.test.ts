import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { fencedJournal } from "../../../lambdas/platform/ledger/fenced-journal.ts";
import { LedgerTable } from "../../../lambdas/platform/ledger/ledger-table.ts";
import { releaseLock } from "../../../lambdas/platform/ledger/lock.ts";
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
    const journal = fencedJournal(ledger, { rollbackId: "rb-1", fence: 3, clock });
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
    const journal = fencedJournal(ledger, { rollbackId: "rb-1", fence: 3, clock });
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
    const journal = fencedJournal(ledger, { rollbackId: "rb-1", fence: 1, clock });

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
    const journal = fencedJournal(ledger, { rollbackId: "rb-1", fence: 1, clock: () => now });

    await expect(journal.write("api", "update", {})).rejects.toBe(cut);
  });
});

describe("the journal of a redriven rollback", () => {
  /** rb-1 held the lock under fence 3, was stopped, and the clean-up gave its lock back. */
  async function makeReleased() {
    const made = makeLedger();
    await made.holdLock({ owner: "rb-1", fence: 3 });
    await made.run(() => releaseLock(made.ledger, "rb-1"));
    return { ...made, journal: journalOf(made) };
  }

  const journalOf = ({ ledger, clock }: Pick<ReturnType<typeof makeLedger>, "ledger" | "clock">) =>
    fencedJournal(ledger, { rollbackId: "rb-1", fence: 3, clock });
  const stepsOf = async ({ journal, run }: Awaited<ReturnType<typeof makeReleased>>) =>
    (await run(() => journal.read("api"))).map(({ step }) => step);

  it("goes on while nobody has taken the lock since", async () => {
    const made = await makeReleased();

    await made.run(() => made.journal.write("api", "prepare", {}));
    await made.run(() => made.journal.write("api", "update", {}));

    expect(await stepsOf(made)).toEqual(["prepare", "update"]);
  });

  it("writes nothing any more from the moment that somebody takes the lock", async () => {
    const made = await makeReleased();
    await made.run(() => made.journal.write("api", "prepare", {}));
    await made.holdLock({ owner: "rb-2", fence: 4 });

    const late = made.run(() => made.journal.write("api", "update", {}));

    await expect(late).rejects.toMatchObject({ name: "LockLost" });
    expect(await stepsOf(made)).toEqual(["prepare"]);
  });

  it.each([
    ["before it looked", false],
    ["after it looked", true],
  ])("writes nothing when somebody took the lock and gave it back, %s", async (_, looked) => {
    const made = await makeReleased();
    if (looked) await made.run(() => made.journal.read("api"));
    await made.holdLock({ owner: "rb-2", fence: 4 });
    await made.run(() => releaseLock(made.ledger, "rb-2"));

    const late = made.run(() => made.journal.write("api", "update", {}));

    await expect(late).rejects.toMatchObject({ name: "LockLost" });
    expect(await stepsOf(made)).toEqual([]);
  });

  it("of two that want to go on lets only the newer holder write", async () => {
    const made = await makeReleased();
    const newer = fencedJournal(made.ledger, { rollbackId: "rb-2", fence: 4, clock: made.clock });
    const write = (journal: typeof newer) => () => journal.write("api", "update", {});
    await made.run(() => made.journal.read("api"));
    await made.holdLock({ owner: "rb-2", fence: 4 });

    const [older, young] = await Promise.allSettled([made.run(write(made.journal)), made.run(write(newer))]);

    expect([older.status, young.status]).toEqual(["rejected", "fulfilled"]);
  });

  it("is not that of the function that outlived its execution: the lock was given back while it worked", async () => {
    const made = makeLedger();
    await made.holdLock({ owner: "rb-1", fence: 3 });
    const outliving = journalOf(made);
    await made.run(() => outliving.write("api", "prepare", {}));
    await made.run(() => releaseLock(made.ledger, "rb-1"));

    const late = made.run(() => outliving.write("api", "update", {}));

    // What the workflow tries again: a redriven execution asks in a new invocation, which may go on.
    await expect(late).rejects.toMatchObject({
      name: "AwsBusy",
      message:
        "rb-1 wanted to update api, but its lock was given back while it worked (fence 3); nothing was changed, it is tried again.",
    });
    await made.run(() => journalOf(made).write("api", "update", {}));
    expect((await made.run(() => outliving.read("api"))).map(({ step }) => step)).toEqual([
      "prepare",
      "update",
    ]);
  });
});
