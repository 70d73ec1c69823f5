import { expressionsOf } from "./check-expressions.ts";
import type { Report } from "./finding.ts";
import { assignsOf, edgesOf, type RawGroup, type RawState } from "./raw-definition.ts";

/**
 * Variables: read only where some path has assigned them (it is advice when another path has not), never assigned
 * inside when the name belongs to an outer scope, and with names that JSONata can read.
 */
export function checkVariables(groups: readonly RawGroup[], report: Report): void {
  const flows = new Map<RawGroup, ReadonlyMap<string, Known>>();
  for (const group of groups) {
    const flow = flowOf(group, entryOf(group, flows));
    flows.set(group, flow);
    const outer = outerNames(group);
    for (const state of group.states) {
      checkReads(state, flow.get(state.name), report);
      checkAssigns(state, outer, report);
    }
  }
}

/** What is assigned when a state is entered: on some path, and on every path. */
interface Known {
  readonly some: ReadonlySet<string>;
  readonly every: ReadonlySet<string>;
}

/** Inside a Parallel or Map state everything is known that is known where that state is entered. */
function entryOf({ within }: RawGroup, flows: ReadonlyMap<RawGroup, ReadonlyMap<string, Known>>): Known {
  const known = within && flows.get(within.group)?.get(within.state.name);
  return known ?? { some: new Set(), every: new Set() };
}

/** Forward data flow to the fixed point; states that cannot be reached are left out. */
function flowOf(group: RawGroup, entry: Known): ReadonlyMap<string, Known> {
  const states = new Map(group.states.map((state) => [state.name, state]));
  const known = new Map<string, Known>([[group.startAt, entry]]);
  const open = [group.startAt];
  for (let name = open.shift(); name !== undefined; name = open.shift()) {
    const state = states.get(name);
    const here = known.get(name);
    if (!state || !here) continue;
    for (const { to, assigned } of edgesOf(state)) {
      const arriving = { some: union(here.some, assigned), every: union(here.every, assigned) };
      const before = known.get(to);
      const after = before ? meet(before, arriving) : arriving;
      if (before && after.some.size === before.some.size && after.every.size === before.every.size) continue;
      known.set(to, after);
      open.push(to);
    }
  }
  return known;
}

function meet(left: Known, right: Known): Known {
  return {
    some: union(left.some, right.some),
    every: new Set([...left.every].filter((name) => right.every.has(name))),
  };
}

function union(left: Iterable<string>, right: Iterable<string>): ReadonlySet<string> {
  return new Set([...left, ...right]);
}

/** Every name that a scope around this group assigns anywhere. */
function outerNames({ within }: RawGroup): ReadonlySet<string> {
  if (!within) return new Set();
  const own = within.group.states.flatMap((state) => assignsOf(state).flatMap(({ names }) => names));
  return union(outerNames(within.group), own);
}

function checkReads(state: RawState, known: Known | undefined, report: Report): void {
  if (!known) return;
  for (const { field, facts } of expressionsOf(state)) {
    const at = `${state.location}/${field}${facts.path}`;
    for (const name of facts.variables) {
      if (!known.some.has(name)) {
        report.error("undefined-variable", at, `No path to this state assigns $${name}`);
      } else if (!known.every.has(name)) {
        report.advice("maybe-undefined-variable", at, `Some path to this state does not assign $${name}`);
      }
    }
  }
}

/** "Variable names … Unicode ID_Start/ID_Continue, at most 80 characters"; `states` is reserved [workflow-variables page]. */
const variableName = /^[\p{ID_Start}_][\p{ID_Continue}]{0,79}$/u;

function checkAssigns(state: RawState, outer: ReadonlySet<string>, report: Report): void {
  for (const { field, names } of assignsOf(state)) {
    for (const name of names) {
      const at = `${state.location}/${field}/${name}`;
      if (outer.has(name)) {
        report.error(
          "shadowing-assign",
          at,
          `$${name} belongs to an outer scope and cannot be assigned here`,
        );
      }
      if (!variableName.test(name) || name === "states") {
        report.error("variable-name", at, `'${name}' cannot be the name of a variable`);
      }
    }
  }
}
