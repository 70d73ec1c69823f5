import type { Component } from "./environment.ts";
import type { Kind } from "./vocabulary.ts";

interface BrokenReference {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

interface Reference {
  readonly path: readonly (string | number)[];
  readonly name: string;
  /** The kind that the field means; any when absent. */
  readonly kind?: Kind;
}

/**
 * Names of other components that do not exist, or are of another kind than the field means; and configurations whose
 * parts contradict one another. Empty when everything fits together.
 */
export function brokenReferences(components: Readonly<Record<string, Component>>): BrokenReference[] {
  return Object.entries(components).flatMap(([key, component]) => [
    ...referencesOf(component).flatMap(({ path, name, kind }) => {
      const message = problemOf(components, name, kind);
      return message ? [{ path: [key, ...path], message }] : [];
    }),
    ...contradictionsOf(key, component),
  ]);
}

function problemOf(
  components: Readonly<Record<string, Component>>,
  name: string,
  kind: Kind | undefined,
): string | undefined {
  const found = Object.hasOwn(components, name) ? components[name] : undefined;
  if (!found) return `unknown component "${name}"; known are ${Object.keys(components).join(", ")}`;
  if (!kind || found.kind === kind) return undefined;
  return `"${name}" is of kind ${found.kind}; this must name a component of kind ${kind}`;
}

const all = (field: string, names: readonly string[], kind?: Kind): Reference[] =>
  names.map((name, index) => ({ path: [field, index], name, ...(kind ? { kind } : {}) }));

type ReferencesOf = {
  readonly [K in Kind]: (component: Extract<Component, { readonly kind: K }>) => readonly Reference[];
};

const REFERENCES: ReferencesOf = {
  "ecs-service": () => [],
  frontend: () => [],
  maintenance: () => [],
  database: ({ writers, checks }) => [
    ...all("writers", writers, "ecs-service"),
    ...checks.map(
      ({ task }, index): Reference => ({ path: ["checks", index, "task"], name: task, kind: "task" }),
    ),
  ],
  secret: ({ readBy, database }) => [
    ...all("readBy", readBy, "ecs-service"),
    ...(database === undefined ? [] : [{ path: ["database"], name: database, kind: "database" } as const]),
  ],
  parameter: ({ readBy }) => all("readBy", readBy, "ecs-service"),
  cache: ({ usedBy, clean }) => [
    ...all("usedBy", usedBy, "ecs-service"),
    ...(clean.way === "flush" ? [{ path: ["clean", "task"], name: clean.task, kind: "task" } as const] : []),
  ],
  task: ({ services }) => all("services", services, "ecs-service"),
};

function referencesOf(component: Component): readonly Reference[] {
  // TypeScript cannot see that the key and the argument belong together.
  const of = REFERENCES[component.kind] as (one: Component) => readonly Reference[];
  return [...all("dependsOn", component.dependsOn), ...of(component)];
}

function contradictionsOf(key: string, component: Component): BrokenReference[] {
  if (component.kind === "database") return databaseContradictions(key, component);
  if (component.kind === "task" && component.when === "while-paused" && component.services.length === 0) {
    return [{ path: [key, "services"], message: "while-paused needs the services that are paused" }];
  }
  if (component.kind === "ecs-service") return serviceContradictions(key, component);
  if (component.kind === "frontend") return frontendContradictions(key, component);
  return [];
}

/**
 * Aurora backs up continuously (docs/facts/database.md §1): backups of hours were seen of instances only. RDS refuses many
 * changes while it backs up (§6); that a rename is one of them is unverified, and not relied on.
 */
function databaseContradictions(
  key: string,
  { instance, cluster, cutOver, serveDuringBackups }: Extract<Component, { readonly kind: "database" }>,
): BrokenReference[] {
  if ((instance === undefined) === (cluster === undefined)) {
    return [{ path: [key], message: "name either an instance or a cluster" }];
  }
  const path = [key, "serveDuringBackups"];
  if (!serveDuringBackups) return [];
  if (cluster !== undefined) {
    return [
      { path, message: "only the copy of an instance is backed up for long; leave it out for a cluster" },
    ];
  }
  if (cutOver.strategy !== "rename") return [];
  return [
    {
      path,
      message: "RDS may refuse a rename while it backs up; cut over by another strategy, or leave it out",
    },
  ];
}

/** A schedule is disabled by writing it anew, which passes its target's role (docs/security.md). */
function serviceContradictions(
  key: string,
  { connectedTasks }: Extract<Component, { readonly kind: "ecs-service" }>,
): BrokenReference[] {
  if (!connectedTasks || connectedTasks.schedules.length === 0) return [];
  if (connectedTasks.scheduleRoles.length > 0) return [];
  const message = "schedules need scheduleRoles: name the role that the target of each schedule uses";
  return [{ path: [key, "connectedTasks", "scheduleRoles"], message }];
}

/** A release that is a moment has no name that a header could say; the metadata of its objects are as they were. */
function frontendContradictions(
  key: string,
  { release, probe }: Extract<Component, { readonly kind: "frontend" }>,
): BrokenReference[] {
  const header = probe?.header;
  const isNameless = release.strategy === "versioned-bucket";
  if (header === undefined || !isNameless || header.startsWith("x-amz-meta-")) return [];
  const message = "releases of a versioned bucket have no names: probe a member or a header x-amz-meta-…";
  return [{ path: [key, "probe", "header"], message }];
}
