import { describe, expect, it } from "vitest";
import { leftLabel } from "../../../lambdas/components/left-label.ts";
import type { RollbackRecord } from "../../../lambdas/contracts/ledger.ts";
import type { Verdict } from "../../../lambdas/contracts/plan.ts";
import type { TargetChoice } from "../../../lambdas/contracts/request.ts";
import { makeVerdict } from "../domain/make-move.ts";
import { makeMoved, makeRollbackRecord } from "../domain/make-rollback-record.ts";

const passwordMoved = makeMoved({
  component: "password",
  kind: "secret",
  from: version("v2"),
  to: version("v1"),
});
const dataMoved = makeMoved({
  component: "data",
  kind: "database",
  from: version("old"),
  to: version("copy"),
});
const alone = makeRollbackRecord({ id: "rb-1", moves: [passwordMoved] });
const together = makeRollbackRecord({ id: "rb-1", moves: [passwordMoved, dataMoved] });

function version(id: string) {
  return { id, label: id };
}

interface Situation {
  readonly past: readonly RollbackRecord[];
  readonly target?: TargetChoice;
  readonly data?: Verdict["verdict"];
}

/** Of a wish to undo the rollback. */
function left({ past, target = { components: { password: "v2", data: "old" } }, data }: Situation) {
  const verdict = makeVerdict({ component: "data", kind: "database", verdict: data ?? "nothing-to-do" });
  return leftLabel(
    { target, wish: { past } } as unknown as Parameters<typeof leftLabel>[0],
    { secret: "password", database: "data" },
    data === undefined ? [] : [{ verdict }],
  );
}

describe("a password that a rollback moved", () => {
  it("may go back alone when its database never left, or is back already", () => {
    expect(left({ past: [alone], target: { components: { password: "v2" } } })).toBe("v1");
    expect(left({ past: [together], data: "nothing-to-do" })).toBe("v1");
  });

  it.each<[string, Situation]>([
    ["its database stayed on the other data", { past: [together], data: "refuse" }],
    [
      "nobody says where its database shall be",
      { past: [together], target: { components: { password: "v2" } } },
    ],
    [
      "its database was moved by a later rollback",
      { past: [makeRollbackRecord({ id: "rb-2", moves: [dataMoved] }), alone], data: "nothing-to-do" },
    ],
    ["another version is wished", { past: [alone], target: { components: { password: "v0" } } }],
    ["no version is named", { past: [alone], target: "proven" }],
    ["no rollback is known", { past: [] }],
  ])("may not when %s", (_, situation) => {
    expect(left(situation)).toBeUndefined();
  });
});
