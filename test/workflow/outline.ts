import type { State, StateGroup } from "../../lib/region/states-language/definition.ts";
import { catchersOf, groupsOf, targetsOf } from "./transitions.ts";

/**
 * A definition as an indented outline, in the order in which it is walked: where each state leads (`→`), where its
 * errors are caught (`⇥`), and below it what runs inside.
 */
export function outlineOf(group: StateGroup, indent = ""): string {
  return inOrder(group)
    .flatMap(([name, state]) => [`${indent}${name}${ways(state)}`, ...insideOf(state, indent)])
    .join("\n");
}

function inOrder(group: StateGroup): readonly (readonly [string, State])[] {
  const order = new Map<string, State>();
  const visit = (name: string): void => {
    const state = group.States[name];
    if (!state || order.has(name)) return;
    order.set(name, state);
    for (const target of [...targetsOf(state), ...catchersOf(state).map(({ Next }) => Next)]) visit(target);
  };
  visit(group.StartAt);
  return [...order];
}

function ways(state: State): string {
  const caught = catchersOf(state).map(
    ({ ErrorEquals, Next }) =>
      `${Next}${ErrorEquals.includes("States.ALL") ? "" : ` (${ErrorEquals.join()})`}`,
  );
  const next = targetsOf(state);
  const end = state.Type === "Succeed" ? " ✓" : state.Type === "Fail" ? " ✗" : "";
  return [
    next.length > 0 ? ` → ${next.join(" | ")}` : end,
    caught.length > 0 ? ` ⇥ ${caught.join(" | ")}` : "",
  ].join("");
}

function insideOf(state: State, indent: string): readonly string[] {
  const word = state.Type === "Map" ? "for each" : "beside";
  return groupsOf(state).flatMap((inner) => [`${indent}  ${word}:`, outlineOf(inner, `${indent}    `)]);
}
