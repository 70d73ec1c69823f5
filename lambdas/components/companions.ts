import { lastToMove, type RollbackRecord } from "../contracts/ledger.ts";
import type { Move } from "../contracts/plan.ts";
import type { Kind } from "../contracts/vocabulary.ts";
import { relationsOf } from "../domain/planning/relations.ts";
import type { Inquiry } from "./inquiry.ts";

/** Kinds that only go along with others, or when a person names them. */
export const COMPANIONS: ReadonlySet<Kind | undefined> = new Set<Kind>(["cache", "task", "maintenance"]);

/** Those of the environment that go along with these moves, by name. */
export function companionsOf(
  { environment, scope, byAlarm, wish }: Inquiry,
  moves: readonly Move[],
): string[] {
  const moving = new Set(moves.map((move) => move.component));
  const relations = relationsOf(environment.components);
  // A person who names a database again may want the rest of a rollback that was stopped after its data had moved.
  const named = byAlarm ? [] : scope.filter((name) => environment.components[name]?.kind === "database");
  const stopping = new Set([...moving, ...named].flatMap((name) => relations.get(name)?.pauses ?? []));
  // A person who names nothing else wants just that.
  const isAlone = !byAlarm && scope.every((name) => COMPANIONS.has(environment.components[name]?.kind));
  return Object.entries(environment.components).flatMap(([name, component]) => {
    const serves = (services: readonly string[]) => services.some((service) => moving.has(service));
    if (component.kind === "cache") {
      // What it holds of data that goes back never happened, whatever its services run.
      const isStale =
        serves(component.usedBy) ||
        component.usedBy.some((service) => stopping.has(service)) ||
        (!byAlarm && wasLeftBehind(name, component.usedBy, wish.past));
      return scope.includes(name) && (isAlone || isStale) ? [name] : [];
    }
    if (component.kind === "maintenance") return scope.includes(name) ? [name] : [];
    if (component.kind !== "task") return [];
    return scope.includes(name) || (component.runs === "with-rollback" && serves(component.services))
      ? [name]
      : [];
  });
}

/** Whether the last rollback that moved a service of the cache fell short, or was stopped, before it cleaned the cache. */
function wasLeftBehind(name: string, usedBy: readonly string[], past: readonly RollbackRecord[]): boolean {
  const last = lastToMove(past, usedBy);
  if (!last || last.outcome === "Recovered") return false;
  return !last.moves.some(({ component }) => component === name);
}
