import { NO_RELATIONS, type Relations } from "../../lambdas/domain/planning/relations.ts";

/** Relations by component, with what a test wants otherwise than none. */
export function makeRelations(
  wanted: Readonly<Record<string, Partial<Relations>>>,
): ReadonlyMap<string, Relations> {
  return new Map(Object.entries(wanted).map(([name, one]) => [name, { ...NO_RELATIONS, ...one }]));
}

/** Who goes back after whom. */
export function makeDependencies(
  dependsOn: Readonly<Record<string, readonly string[]>>,
): ReadonlyMap<string, Relations> {
  return makeRelations(
    Object.fromEntries(Object.entries(dependsOn).map(([name, on]) => [name, { dependsOn: on }])),
  );
}
