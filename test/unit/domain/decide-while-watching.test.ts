import { describe, expect, it } from "vitest";
import { decide } from "../../../lambdas/domain/decide.ts";
import { makeAlarmFacts, makeFacts } from "./make-facts.ts";

describe("while a rollback only watches alarms", () => {
  const watching = { running: { id: "rb-7", watching: true } };

  it("a person's request goes ahead", () => {
    expect(decide(makeFacts(watching))).toMatchObject({ action: "roll-back" });
    expect(decide(makeFacts({ ...watching, request: { mode: "undo", undoes: "rb-6" } }))).toMatchObject({
      action: "roll-back",
    });
  });

  it.each([
    ["an alarm's joins it: it may be the same trouble", makeAlarmFacts(watching)],
    [
      "a rehearsal joins it: there is nothing to measure in peace",
      makeFacts({ ...watching, request: { mode: "rehearse" } }),
    ],
  ])("%s", (_, facts) => {
    expect(decide(facts)).toMatchObject({ action: "end", outcome: "Joined" });
  });

  it("a person's joins it when the clean-up has taken its lock over", () => {
    const running = { id: "rb-7", watching: false, tidying: true };

    expect(decide(makeFacts({ running }))).toMatchObject({ action: "end", outcome: "Joined" });
  });
});
