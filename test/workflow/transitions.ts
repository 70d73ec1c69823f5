import type { HistoryEvent } from "@aws-sdk/client-sfn";
import type { State, StateGroup } from "../../lib/region/states-language/definition.ts";

/** `A → B` for a way from one state to the next, `A ⇥ B` for one that a caught error takes. */
export type Transition = `${string} ${"→" | "⇥"} ${string}`;

/** Every transition that a definition has, those inside branches and iterations included. */
export function transitionsOf(group: StateGroup): readonly Transition[] {
  return Object.entries(group.States).flatMap(([name, state]) => [
    ...targetsOf(state).map((target): Transition => `${name} → ${target}`),
    ...catchersOf(state).map(({ Next }): Transition => `${name} ⇥ ${Next}`),
    ...groupsOf(state).flatMap(transitionsOf),
  ]);
}

/** Every state of a definition, with the group it belongs to and how deep that lies. */
export function statesOf(group: StateGroup): readonly (readonly [name: string, state: State])[] {
  return Object.entries(group.States).flatMap(([name, state]) => [
    [name, state] as const,
    ...groupsOf(state).flatMap(statesOf),
  ]);
}

/** The transitions that an execution took. */
export function transitionsTaken(events: readonly HistoryEvent[]): readonly Transition[] {
  const byId = new Map(events.map((event) => [event.id, event]));
  return events.flatMap((event) => {
    const target = event.stateEnteredEventDetails?.name;
    const exit = byId.get(event.previousEventId);
    const source = exit?.stateExitedEventDetails?.name;
    if (target === undefined || source === undefined) return [];
    const before = byId.get(exit?.previousEventId)?.type ?? "";
    const caught = /(Failed|TimedOut)$/.test(before);
    return [`${source} ${caught ? "⇥" : "→"} ${target}` as const];
  });
}

/** The names of the states entered, in order. */
export function entered(events: readonly HistoryEvent[]): readonly string[] {
  return events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
}

export function groupsOf(state: State): readonly StateGroup[] {
  if (state.Type === "Parallel") return state.Branches;
  return state.Type === "Map" ? [state.ItemProcessor] : [];
}

export function targetsOf(state: State): readonly string[] {
  if (state.Type === "Choice") {
    const targets = [...state.Choices.map(({ Next }) => Next), ...(state.Default ? [state.Default] : [])];
    return [...new Set(targets)];
  }
  return "Next" in state && state.Next !== undefined ? [state.Next] : [];
}

export function catchersOf(state: State) {
  return "Catch" in state ? (state.Catch ?? []) : [];
}
