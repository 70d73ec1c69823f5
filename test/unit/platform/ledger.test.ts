import { describe, expect, it } from "vitest";
import * as z from "zod";
import { currentLock, type Lock, releaseLock, takeOverLock } from "../../../lambdas/platform/ledger/lock.ts";
import { makeLedger, now } from "./make-ledger.ts";

const Note = z.strictObject({ id: z.number(), text: z.string() });

describe("the ledger", () => {
  it("gives back what was put, to its own environment only", async () => {
    const { ledger, ledgerOf, run } = makeLedger();
    await run(() => ledger.put("note#1", Note, { id: 1, text: "a" }));

    expect(await run(() => ledger.get("note#1", Note))).toEqual({ id: 1, text: "a" });
    expect(await run(() => ledger.get("note#2", Note))).toBeUndefined();
    expect(await run(() => ledgerOf("test").get("note#1", Note))).toBeUndefined();
    expect(await run(() => ledgerOf("test").list("note#", Note, { limit: 9 }))).toEqual([]);
  });

  it("puts what must be absent once, and says so", async () => {
    const { ledger, run } = makeLedger();
    const put = (text: string) =>
      run(() => ledger.put("note#1", Note, { id: 1, text }, { onlyIf: "absent" }));

    expect(await put("first")).toBe(true);
    expect(await put("second")).toBe(false);
    expect(await run(() => ledger.get("note#1", Note))).toMatchObject({ text: "first" });
    expect(await run(() => ledger.put("note#1", Note, { id: 1, text: "third" }))).toBe(true);
  });

  it("refuses to write what does not match its schema", async () => {
    const { ledger, run } = makeLedger();
    const wrong = { id: "1", text: "a" } as unknown as z.infer<typeof Note>;

    await expect(run(() => ledger.put("note#1", Note, wrong))).rejects.toThrow("expected number");
    expect(await run(() => ledger.get("note#1", Note))).toBeUndefined();
  });

  it("keeps attributes for conditions and expiry beside the document", async () => {
    const { ledger, run } = makeLedger();
    const attributes = { expiresAt: { N: "1795000000" } };
    await run(() => ledger.put("note#1", Note, { id: 1, text: "a" }, { attributes }));

    expect(await run(() => ledger.getItem("note#1"))).toMatchObject(attributes);
  });

  it("lists what begins so, newest first or last, as many as asked for", async () => {
    const { ledger, run } = makeLedger();
    for (const id of [1, 2, 3]) await run(() => ledger.put(`note#${id}`, Note, { id, text: "a" }));
    await run(() => ledger.put("other#1", Note, { id: 9, text: "a" }));
    const ids = async (options: { limit: number; newestFirst?: boolean }) =>
      (await run(() => ledger.list("note#", Note, options))).map((note) => note.id);

    expect(await ids({ limit: 9 })).toEqual([3, 2, 1]);
    expect(await ids({ limit: 2 })).toEqual([3, 2]);
    expect(await ids({ limit: 2, newestFirst: false })).toEqual([1, 2]);
  });

  it("lists beyond one page, of which DynamoDB fills one megabyte", async () => {
    const { ledger, run } = makeLedger();
    const text = "x".repeat(300_000);
    for (const id of [1, 2, 3, 4, 5, 6, 7]) await run(() => ledger.put(`note#${id}`, Note, { id, text }));

    const notes = await run(() => ledger.list("note#", Note, { limit: 50 }));

    expect(notes.map((note) => note.id)).toEqual([7, 6, 5, 4, 3, 2, 1]);
  });

  it.each([
    ["does not match its schema", '{"id":"1","text":"a"}'],
    ["holds a key too many", '{"id":1,"text":"a","more":true}'],
    ["is not JSON", '{"id":1,'],
    ["is empty", " "],
  ])("names the key of a document that %s", async (_, body) => {
    const { ledger, run, putItem } = makeLedger();
    await putItem("note#7", { body: { S: body } });
    const corrupt = {
      name: "LedgerCorrupt",
      message: expect.stringContaining("The ledger's item note#7 in ledger"),
    };

    await expect(run(() => ledger.get("note#7", Note))).rejects.toMatchObject(corrupt);
    await expect(run(() => ledger.list("note#", Note, { limit: 9 }))).rejects.toMatchObject(corrupt);
  });
});

describe("the lock", () => {
  it("is held until its lease runs out", async () => {
    const { ledger, run, holdLock } = makeLedger();
    const lock = (at: Date) => run(() => currentLock(ledger, "lock", at));

    expect(await lock(now)).toBeUndefined();
    await holdLock({ owner: "rb-1", fence: 3 });
    expect(await lock(now)).toEqual({
      key: "lock",
      owner: "rb-1",
      execution: "arn:execution:1",
      eventId: "event-1",
      fence: 3,
      redrives: 0,
      tidying: false,
      watching: false,
      leaseUntil: new Date("2026-11-21T10:10:00Z"),
    });
    expect(await lock(new Date("2026-11-21T10:09:59Z"))).toBeDefined();
    expect(await lock(new Date("2026-11-21T10:10:00Z"))).toBeUndefined();
  });

  it("is given back by its holder alone, and keeps its fencing number", async () => {
    const { ledger, run, holdLock } = makeLedger();
    await holdLock({ owner: "rb-1", fence: 3 });
    const held = await run(() => currentLock(ledger, "lock", now));
    if (!held) throw new Error("nobody holds it");

    expect(await run(() => releaseLock(ledger, { ...held, owner: "rb-2" }))).toBe(false);
    expect(await run(() => releaseLock(ledger, { ...held, fence: 2 }))).toBe(false);
    expect(await run(() => currentLock(ledger, "lock", now))).toMatchObject({ owner: "rb-1" });
    expect(await run(() => releaseLock(ledger, held))).toBe(true);
    expect(await run(() => currentLock(ledger, "lock", now))).toBeUndefined();
    expect(await run(() => ledger.getItem("lock"))).toMatchObject({ fence: { N: "3" } });
    expect(await run(() => releaseLock(ledger, held))).toBe(false);
  });

  it("is taken over by the clean-up of its own execution alone, each time under a higher number", async () => {
    const { ledger, run, holdLock } = makeLedger();
    await holdLock({ owner: "rb-1", fence: 3 });
    const held = await run(() => currentLock(ledger, "lock", now));
    if (!held) throw new Error("nobody holds it");
    const takeOver = (lock: Lock) => run(() => takeOverLock(ledger, lock));

    expect(await takeOver({ ...held, execution: "arn:execution:2" })).toBeUndefined();
    expect(await takeOver(held)).toEqual({ ...held, fence: 4 });
    // A clean-up that died half way is called again.
    expect(await takeOver(held)).toEqual({ ...held, fence: 5 });
    await holdLock({ owner: "rb-2", fence: 6 });
    expect(await takeOver(held)).toBeUndefined();
  });
});
