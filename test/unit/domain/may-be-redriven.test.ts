import { expect, it } from "vitest";
import { mayBeRedriven } from "../../../lambdas/domain/may-be-redriven.ts";
import { makeMove } from "./make-move.ts";
import { makePlanned } from "./make-planned.ts";

const plan = (...moves: ReturnType<typeof makeMove>[]) => makePlanned({ moves }).plan;

it("a stopped rollback of services goes on where it stopped", () => {
  expect(mayBeRedriven(plan(makeMove(), makeMove({ component: "web" })))).toBe(true);
});

it.each([
  ["it moves data: its writers run again", makeMove({ component: "database", tier: "data" })],
  ["it made a copy: the clean-up has removed it", makeMove({ component: "cache", prepareSeconds: 900 })],
  ["it showed a page: it is off again", makeMove({ component: "page", kind: "maintenance" })],
  ["it paused a writer: it runs again", makeMove({ verbs: ["pause", "resume", "confirm"] })],
])("a stopped rollback does not go on when %s", (_, move) => {
  expect(mayBeRedriven(plan(makeMove({ component: "web" }), move))).toBe(false);
});
