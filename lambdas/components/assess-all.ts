import type { Component } from "../contracts/environment.ts";
import type { Move } from "../contracts/plan.ts";
import { relationsOf } from "../domain/planning/relations.ts";
import { COMPANIONS, companionsOf } from "./companions.ts";
import type { Assessment, Wish } from "./component.ts";
import type { Inquiry } from "./inquiry.ts";
import { leftLabel } from "./left-label.ts";

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
        const database = tiedTo(components[name]) ?? "";
        if (restored.has(database)) return ask(inquiry, name, "go-back", { cut, dataGoesBack: true });
        const leftAt = leftLabel(inquiry, { secret: name, database }, data);
        return ask(inquiry, name, "go-back", leftAt === undefined ? {} : { leftAt });
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
  readonly leftAt?: string;
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
  const asked: Wish = {
    ...{ ...wish, component, part, target, ...data, ...(cut ? { cut } : {}) },
    neighbours: environment.components,
    approvalSeconds: environment.policy.approvalExpiresMinutes * 60,
  };
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
