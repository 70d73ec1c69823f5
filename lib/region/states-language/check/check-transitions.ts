import type { Report } from "./finding.ts";
import { edgesOf, type RawGroup, type RawState } from "./raw-definition.ts";

/** States must lead somewhere that exists, be reachable and end somewhere; names are unique in the whole machine. */
export function checkTransitions(groups: readonly RawGroup[], report: Report): void {
  const seen = new Set<string>();
  for (const group of groups) {
    for (const state of group.states) {
      checkName(state, seen, report);
      checkWay(state, group, report);
    }
    checkReach(group, report);
  }
}

/** "State names must be unique within the scope of the whole state machine", 80 characters at most [AWS state page]. */
function checkName({ name, location }: RawState, seen: Set<string>, report: Report): void {
  if (seen.has(name)) report.error("duplicate-state-name", location, `There are two states named '${name}'`);
  if (name.length > 80) report.error("invalid-value", location, "A state name has at most 80 characters");
  seen.add(name);
}

function checkWay(state: RawState, group: RawGroup, report: Report): void {
  const names = new Set(group.states.map(({ name }) => name));
  for (const { to, field } of edgesOf(state)) {
    if (!names.has(to))
      report.error("unknown-next", `${state.location}/${field}`, `Missing '${field}' target: ${to}`);
  }
  const moves = !["Choice", "Succeed", "Fail"].includes(state.type);
  if (moves && "Next" in state.fields === "End" in state.fields) {
    report.error("missing-transition", state.location, "The state has exactly one of Next and End");
  }
}

function checkReach(group: RawGroup, report: Report): void {
  const byName = new Map(group.states.map((state) => [state.name, state]));
  if (!byName.has(group.startAt)) {
    report.error("unknown-next", `${group.location}/StartAt`, `Missing 'StartAt' target: ${group.startAt}`);
    return;
  }
  const reached = new Set<string>();
  const open = [group.startAt];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = byName.get(name);
    if (!state || reached.has(name)) continue;
    reached.add(name);
    open.push(...edgesOf(state).map(({ to }) => to));
  }
  for (const { name, location } of group.states) {
    if (!reached.has(name)) report.error("unreachable-state", location, `State '${name}' is not reachable`);
  }
  const ends = group.states.some(
    ({ name, type, fields }) =>
      reached.has(name) && (fields["End"] === true || type === "Succeed" || type === "Fail"),
  );
  if (!ends)
    report.error(
      "no-terminal-state",
      group.location || "/",
      "No state that can be reached ends the workflow",
    );
}
