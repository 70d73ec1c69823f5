import type { Component } from "../../contracts/environment.ts";
import type { Kind } from "../../contracts/vocabulary.ts";

/** How a component stands to the others while things go back: what the order of a plan is made of. */
export interface Relations {
  /** Components that go back before it. */
  readonly dependsOn: readonly string[];
  /** Services that are stopped while it is cut over. */
  readonly pauses: readonly string[];
  /** A database whose password it holds: it goes back while that database's writers are paused. */
  readonly withDataOf: string | undefined;
  /** Services that must go back, resume or restart after it, because they read it at start. */
  readonly before: readonly string[];
  /** Services that must have gone back before it. */
  readonly after: readonly string[];
}

export const NO_RELATIONS: Relations = {
  dependsOn: [],
  pauses: [],
  withDataOf: undefined,
  before: [],
  after: [],
};

/** The relations of every component of an environment, as its kind means them. */
export function relationsOf(components: Readonly<Record<string, Component>>): ReadonlyMap<string, Relations> {
  return new Map(
    Object.entries(components).map(([name, component]) => [
      name,
      { ...NO_RELATIONS, dependsOn: component.dependsOn, ...natureOf(component) },
    ]),
  );
}

type NatureOf = {
  readonly [K in Kind]: (component: Extract<Component, { readonly kind: K }>) => Partial<Relations>;
};

/** What each kind adds to `dependsOn` by its nature (DESIGN §5). */
const NATURES: NatureOf = {
  "ecs-service": () => ({}),
  frontend: () => ({}),
  maintenance: () => ({}),
  database: ({ writers }) => ({ pauses: writers }),
  // How it stands to its own database is said better by that than by `dependsOn`.
  secret: ({ readBy, database, dependsOn }) => ({
    before: readBy,
    withDataOf: database,
    dependsOn: dependsOn.filter((name) => name !== database),
  }),
  parameter: ({ readBy }) => ({ before: readBy }),
  // A new epoch or endpoint is read at start; a flush only helps when nobody writes the old entries again.
  cache: ({ clean, usedBy }) => (clean.way === "flush" ? { after: usedBy } : { before: usedBy }),
  task: ({ when, services }) =>
    ({ before: { before: services }, "while-paused": { pauses: services }, after: { after: services } })[
      when
    ],
};

function natureOf(component: Component): Partial<Relations> {
  // TypeScript cannot see that the key and the argument belong together.
  const nature = NATURES[component.kind] as (one: Component) => Partial<Relations>;
  return nature(component);
}
