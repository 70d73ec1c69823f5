import { expect, it } from "vitest";
import { TOLD_OTHERWISE } from "../../lib/drill/workflow-narrator.ts";
import { definitionOf } from "./perform.ts";
import { statesOf } from "./transitions.ts";

it("the story leaves out states of the rollback by names that it has", () => {
  const names = statesOf(definitionOf()).map(([name]) => name);

  expect([...TOLD_OTHERWISE].filter((name) => !names.includes(name))).toEqual([]);
});
