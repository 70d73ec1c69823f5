import type { Component, Environment } from "../contracts/environment.ts";
import type { Move } from "../contracts/plan.ts";
import type { TargetChoice } from "../contracts/request.ts";
import type { Kind } from "../contracts/vocabulary.ts";
import { relationsOf } from "../domain/planning/relations.ts";
import type { Assessment, Observer, Wish } from "./component.ts";

/** What a rollback is about, before any kind was asked. */
export interface Inquiry {
  readonly environment: Environment;
  readonly scope: readonly string[];
  readonly target: TargetChoice;
  readonly strategy: "fast-first" | "together";
  /** An alarm asks for what can be done without a person: data that cannot go back does not stop code. */
  readonly byAlarm: boolean;
  readonly observers: Readonly<Record<Kind, Observer>>;
  readonly wish: Omit<Wish, "component" | "part" | "target" | "cut" | "dataGoesBack" | "neighbours">;
}

/**
 * Asks every kind what a rollback would mean, in the order in which the answers need one another: what changed tells the
 * moment that data goes back to; data tells which writers must stop; changed secrets tell who must start fresh tasks;
 * only then is it known whether users need a maintenance page.
 */
export async function assessAll(inquiry: Inquiry): Promise<readonly Assessment[]> {
  const { environment, scope } = inquiry;
  const components = environment.components;
  const kindOf = (name: string) => components[name]?.kind;
  const waitsForData = (name: string) =>
    kindOf(name) === "database" || tiedTo(components[name]) !== undefined;

  const first = await goBack(
    inquiry,
    scope.filter((name) => !waitsForData(name) && !COMPANIONS.has(kindOf(name))),
  );
  const cut = cutOf(inquiry, first);
  const databases = await goBack(
    inquiry,
    scope.filter((name) => kindOf(name) === "database"),
    cut,
  );
  const data = inquiry.byAlarm ? databases.map(leftToAPerson) : databases;
  const restored = new Set(movesOf(data).map((move) => move.component));
  const tied = await Promise.all(
    scope
      .filter((name) => kindOf(name) !== "database" && waitsForData(name))
      .map((name) => {
        const together = restored.has(tiedTo(components[name]) ?? "");
        return ask(inquiry, name, "go-back", together ? { cut, dataGoesBack: true } : {});
      }),
  );
  const principal = [...first, ...data, ...tied];
  const companions = await goBack(inquiry, companionsOf(inquiry, movesOf(principal)), cut);
  const quick = companions.map((one) =>
    holdsUpCode(inquiry, one, movesOf(principal)) ? later(one, cut) : one,
  );
  const moving = [...principal, ...quick];
  const helpers = await helpersOf(inquiry, movesOf(moving));
  return [...moving, ...helpers];
}

/** Kinds that only go along with others, or when a person names them. */
const COMPANIONS: ReadonlySet<Kind | undefined> = new Set<Kind>(["cache", "task", "maintenance"]);

const movesOf = (assessments: readonly Assessment[]): Move[] =>
  assessments.flatMap(({ move }) => (move ? [move] : []));

const tiedTo = (component: Component | undefined) =>
  component?.kind === "secret" ? component.database : undefined;

const goBack = (inquiry: Inquiry, names: readonly string[], cut?: Date) =>
  Promise.all(names.map((name) => ask(inquiry, name, "go-back", { cut })));

/** What asking takes beyond the component itself, where data goes back. */
interface WithData {
  readonly cut?: Date | undefined;
  readonly dataGoesBack?: true;
}

function ask(
  inquiry: Inquiry,
  component: string,
  part: Wish["part"],
  { cut, ...data }: WithData = {},
): Promise<Assessment> {
  const { environment, observers, target, wish } = inquiry;
  const configuration = environment.components[component];
  if (!configuration) throw new Error(`The unknown component ${component} was let through`);
  const neighbours = environment.components;
  const asked: Wish = { ...wish, component, part, target, neighbours, ...data, ...(cut ? { cut } : {}) };
  return observers[configuration.kind].assess(configuration, asked);
}

/**
 * The consistent cut: the moment that all data goes back to. A person's moment or checkpoint means itself; else it lies
 * just before the first change of what goes back.
 */
function cutOf(
  { environment, scope, target, wish }: Inquiry,
  first: readonly Assessment[],
): Date | undefined {
  if (typeof target === "object" && "at" in target) return new Date(target.at);
  if (typeof target === "object" && "checkpoint" in target) {
    const checkpoint = wish.checkpoints.find(({ id }) => id === target.checkpoint);
    return checkpoint && new Date(checkpoint.recordedAt);
  }
  const changes = first.flatMap(({ move, lastChangedAt }) =>
    move && lastChangedAt ? [lastChangedAt.getTime()] : [],
  );
  if (changes.length === 0) return undefined;
  const margins = scope.map((name) => {
    const component = environment.components[name];
    return component?.kind === "database" ? component.marginSeconds : 0;
  });
  return new Date(Math.min(...changes) - Math.max(0, ...margins) * 1_000);
}

/** Code goes back on an alarm also when data cannot: that takes a person, who is told why. */
function leftToAPerson(assessment: Assessment): Assessment {
  const { verdict } = assessment;
  if (verdict.verdict !== "refuse") return assessment;
  const reason = `its data stays where it is, until a person looks: ${verdict.reason}`;
  return { verdict: { ...verdict, verdict: "nothing-to-do", reason } };
}

/**
 * Whether a service would wait for the copy of a cache, which takes half an hour: it reads the new host at start, and starts
 * once. Writers that stop for data anyway went back before.
 */
function holdsUpCode(
  { environment, strategy }: Inquiry,
  { move }: Assessment,
  moves: readonly Move[],
): boolean {
  if (move?.kind !== "cache" || move.prepareSeconds === 0 || strategy === "together") return false;
  const relations = relationsOf(environment.components);
  const paused = moves.flatMap(({ component }) => relations.get(component)?.pauses ?? []);
  const waiting = relations.get(move.component)?.before ?? [];
  return moves.some(({ component }) => waiting.includes(component) && !paused.includes(component));
}

function later({ verdict }: Assessment, cut: Date | undefined): Assessment {
  const target = cut ? `target {"at":"${cut.toISOString()}"}` : "a moment as target";
  const reason = `code goes back at once and does not wait for its copy; start another rollback for it afterwards, with scope ["${verdict.component}"] and ${target}.`;
  return { verdict: { ...verdict, verdict: "nothing-to-do", reason, warnings: [], later: true } };
}

function companionsOf({ environment, scope, byAlarm }: Inquiry, moves: readonly Move[]): string[] {
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
      const isStale = serves(component.usedBy) || component.usedBy.some((service) => stopping.has(service));
      return scope.includes(name) && (isAlone || isStale) ? [name] : [];
    }
    if (component.kind === "maintenance") return scope.includes(name) ? [name] : [];
    if (component.kind !== "task") return [];
    return scope.includes(name) || (component.runs === "with-rollback" && serves(component.services))
      ? [name]
      : [];
  });
}

/** Who must stop, start afresh or show a page, so that the others can go back. */
async function helpersOf(inquiry: Inquiry, moves: readonly Move[]): Promise<Assessment[]> {
  const { environment, wish } = inquiry;
  const relations = relationsOf(environment.components);
  const moving = new Set(moves.map((move) => move.component));
  const touched = (of: "pauses" | "before") => [
    ...new Set(moves.flatMap((move) => relations.get(move.component)?.[of] ?? [])),
  ];
  const paused = touched("pauses");
  const held = paused.filter((name) => !moving.has(name));
  const restarted = touched("before").filter((name) => !moving.has(name) && !paused.includes(name));
  const pages = Object.entries(environment.components).filter(
    ([name, component]) =>
      component.kind === "maintenance" &&
      !moving.has(name) &&
      (wish.authorization === "security" ? component.isolation !== undefined : paused.length > 0),
  );
  return Promise.all([
    ...held.map((name) => ask(inquiry, name, "hold")),
    ...restarted.map((name) => ask(inquiry, name, "restart")),
    ...(moves.length > 0 ? pages.map(([name]) => ask(inquiry, name, "go-back")) : []),
  ]);
}
