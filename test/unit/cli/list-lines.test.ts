import { describe, expect, it } from "vitest";
import type { LockKey } from "../../../lambdas/contracts/lock.ts";
import type { Lock } from "../../../lambdas/platform/ledger/lock.ts";
import { linesOf } from "../../../lib/cli/list-lines.ts";
import { makeCheckpoint } from "../domain/make-checkpoint.ts";
import { makeRollbackRecord } from "../domain/make-rollback-record.ts";

const lockOf = (key: LockKey, facts: Partial<Lock> = {}): Lock => ({
  ...{ key, owner: "rb-1", execution: "arn:1", eventId: "", fence: 1, redrives: 0 },
  ...{ tidying: false, watching: false, leaseUntil: new Date("2026-11-21T03:00:00Z") },
  ...facts,
});
const known = { environment: "prod", locks: [], questions: [], checkpoints: [], rollbacks: [] };

describe("stepback list", () => {
  it.each<[string, Lock]>([
    ["Running: rb-1 (arn:1)", lockOf("lock")],
    ["Watching alarms: rb-1 (arn:1)", lockOf("lock", { watching: true })],
    ["Being put in order: rb-1 (arn:1)", lockOf("lock", { tidying: true })],
  ])("says who holds the rollback's lock, and what for: %s", (line, lock) => {
    expect(linesOf({ ...known, locks: [lock] })[0]).toBe(line);
  });

  it.each<[string, Lock]>([
    ["Rehearsing: rb-1 (arn:1)", lockOf("lock#rehearsal")],
    ["Making copies while people are asked: rb-1 (arn:1)", lockOf("lock#asking")],
    ["Removing copies that nobody approved: rb-1 (arn:1)", lockOf("lock#asking", { tidying: true })],
  ])("says that nothing is running beside what disturbs nobody: %s", (line, lock) => {
    expect(linesOf({ ...known, locks: [lock] }).slice(0, 2)).toEqual(["Nothing is running.", line]);
  });

  it("says which question is open, and not that of the rollback which has its answer and runs", () => {
    const question = {
      rollbackId: "rb-2",
      group: "senior",
      requestedBy: "ada",
      expiresAt: "2026-11-21T02:00:00.000Z",
    };
    const answered = { ...question, rollbackId: "rb-1" };
    const lines = linesOf({ ...known, locks: [lockOf("lock")], questions: [answered, question] });

    expect(lines.slice(0, 3)).toEqual([
      "Running: rb-1 (arn:1)",
      expect.stringMatching(
        /^Waiting for an answer of senior, or with one for its turn: rb-2, asked for by ada\..*by 2026-11-21T02:00:00.000Z/,
      ),
      "",
    ]);
  });

  it("says that it cannot see open questions", () => {
    expect(linesOf({ ...known, questions: undefined })[1]).toContain("states:ListExecutions");
  });

  it("says so when there is nothing yet", () => {
    expect(linesOf(known)).toEqual([
      "Nothing is running.",
      ...["", "Checkpoints, newest first:", "  none yet"],
      ...["", "Rollbacks, newest first:", "  none yet"],
    ]);
  });

  it("shows a checkpoint with its status, and a rollback with its outcome and a short reason", () => {
    const { id } = makeCheckpoint();
    const lines = linesOf({
      ...known,
      checkpoints: [makeCheckpoint()],
      rollbacks: [makeRollbackRecord({ reason: "x".repeat(200) })],
    });

    expect(lines).toContainEqual(expect.stringContaining(`  ${id}  `));
    expect(lines.at(-1)).toBe(`  rb-20261121-001500-aaaaaaaa  Recovered               ${"x".repeat(99)}…`);
  });

  it("has the command for what was not put right, under the rollback that left it", () => {
    const unfinished = { components: ["page"], halfWay: false, holds: ["page"] };
    const lines = linesOf({ ...known, rollbacks: [makeRollbackRecord({ unfinished })] });

    expect(lines.at(-1)).toMatch(
      /^ {4}.*page.*npx stepback finish rb-20261121-001500-aaaaaaaa --environment prod/,
    );
  });

  it("says under a rollback what is set later, by itself", () => {
    const lines = linesOf({ ...known, rollbacks: [makeRollbackRecord({ incomplete: ["database"] })] });

    expect(lines.at(-1)).toBe(
      "    Done later, by itself, when AWS takes it: the rest of database. Nobody needs to wait for it.",
    );
  });
});
