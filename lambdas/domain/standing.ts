import type { LeftOut, Result } from "../contracts/left-out.ts";
import type { Move, Plan } from "../contracts/plan.ts";
import type { Tick } from "../contracts/tick.ts";
import type { Verb } from "../contracts/vocabulary.ts";

/** Where one component of a plan stands when everything is over. */
export interface Standing {
  readonly move: Move;
  /**
   * `done`: every part of its move was carried out. `partly done`: some were, none failed. `put back`: they were, and the
   * way out took them back. `not needed`: it only helps others, and they could not go on.
   */
  readonly state: "done" | "put back" | "failed" | "left out" | "not needed" | "partly done" | "not started";
  /** The version that it has now, in words; undefined when nobody can say so, and for what has none. */
  readonly where: string | undefined;
  /** What its last part said, why it was left out, and what the way out did with it. */
  readonly note: string;
}

/** The component table: who is where, for every message and report. */
export function standingsOf(
  plan: Plan,
  results: readonly Result[],
  wayOut: readonly Result[] = [],
): Standing[] {
  const actions = plan.waves
    .flatMap((wave) => wave.actions)
    .filter((action) => !action.startOnly && action.ifFailed.length === 0);
  return plan.moves.map((move) => {
    const isOwn = ({ component }: { readonly component: string }) => component === move.component;
    const [before, last] = [results.filter(isOwn), ticksOf(wayOut.filter(isOwn))];
    // A cache that was not reached yet follows its data on the way out.
    const begun = before.length === 0 ? last.filter((one) => carriesOut(move, one)) : [];
    const mine = [...before, ...begun];
    const own = {
      parts: actions.filter(isOwn).length,
      results: mine.filter((one) => !putsRight(move, one)),
      after: [
        ...ticksOf(mine.filter((one) => putsRight(move, one))),
        ...last.filter((one) => !begun.includes(one)),
      ],
      kept: leftOutOf(wayOut.filter(isOwn)),
    };
    const state = stateOf(move, own);
    return { move, state, where: whereOf(move, state, own), note: noteOf(state, own, results) };
  });
}

/** What was carried out, without what was not. */
export const ticksOf = (results: readonly Result[]): Tick[] => results.filter(isTick);

/** The last word of each component. */
export const lastOfEach = (ticks: readonly Tick[]): Tick[] =>
  ticks.filter((tick) => tick === ticks.findLast(({ component }) => component === tick.component));

const isTick = (result: Result): result is Tick =>
  result.status !== "left-out" && result.status !== "not-needed";

const leftOutOf = (results: readonly Result[]) => results.find((one): one is LeftOut => !isTick(one));

/** What the waves themselves put right after a failure belongs to the way out. */
const putsRight = (move: Move, { verb }: Result): boolean =>
  (verb === "tidy" || verb === "revert") && !move.verbs.includes(verb);

const carriesOut = (move: Move, { verb }: Tick): boolean => move.kind === "cache" && verb === "cutOver";

interface Own {
  /** Actions of its move in the waves. */
  readonly parts: number;
  readonly results: readonly Result[];
  readonly after: readonly Tick[];
  /** Why the way back left it where it went. */
  readonly kept: LeftOut | undefined;
}

function stateOf(move: Move, { parts, results, after }: Own): Standing["state"] {
  const has = (status: Result["status"]) => results.some((one) => one.status === status);
  if (has("failed")) return "failed";
  if (has("done") && isPutBack(after)) return "put back";
  if (move.stays && isFinished(move, results, after)) return "done";
  if (has("left-out")) return "left out";
  const settled = results.filter(({ status }) => status === "done" || status === "not-needed");
  if (settled.length >= parts || isFinished(move, results, after))
    return has("done") || parts === 0 ? "done" : "not needed";
  return has("done") ? "partly done" : "not started";
}

/** The way out did what was left of a move whose change was proven, or that has none: writers run again, the page is off. */
function isFinished(move: Move, results: readonly Result[], after: readonly Tick[]): boolean {
  const done = ticksOf(results).filter(({ status }) => status === "done");
  const proven = done.some(({ verb }) => verb === "confirm") || (move.stays === true && done.length > 0);
  return proven && after.length > 0 && after.every(({ status }) => status === "done");
}

const isPutBack = (after: readonly Tick[]) =>
  after.some(({ status, verb }) => status === "done" && verb === "revert");

/** After these its target is in place. */
const ARRIVING: ReadonlySet<Verb> = new Set<Verb>(["cutOver", "confirm", "resume"]);

function whereOf(move: Move, state: Standing["state"], { results, after }: Own): string | undefined {
  const { from, to } = move;
  if (move.kind === "task") return undefined;
  if (move.stays) return from.id === to.id ? from.label : undefined;
  if (isPutBack(after)) return from.label;
  const done = ticksOf(results).filter(({ status }) => status === "done");
  const later = after.filter(({ status }) => status === "done");
  if ([...done, ...later].some(({ verb }) => ARRIVING.has(verb))) return to.label;
  const failure = failureIn(results);
  if (failure?.touched) return undefined;
  // A writer that was stopped was started by the way out, which says on what.
  const stopped = done.some(({ verb }) => verb === "pause");
  return stopped && state !== "left out" ? undefined : from.label;
}

function noteOf(state: Standing["state"], own: Own, all: readonly Result[]): string {
  const ticks = ticksOf(own.results);
  const leftOut = leftOutOf(own.results);
  const why = state === "left out" || state === "not needed" ? reasonOf(leftOut, all) : undefined;
  const note = why ?? (failureIn(own.results) ?? ticks.at(-1))?.note ?? "";
  const news = newsOf(state, own).filter((tick) => note === "" || !tick.note.includes(note));
  const later = news.map(
    (tick) =>
      `then ${tick.status === "done" ? WORDS[tick.verb] : `${tick.verb} ${tick.status}`}: ${tick.note}`,
  );
  const kept =
    own.kept && ticks.length > 0 ? [`then not taken back, because of ${own.kept.because.join(", ")}`] : [];
  return [note, ...kept, ...new Set(later)]
    .map((one, index, { length }) => (index < length - 1 ? one.replace(/\.$/, "") : one))
    .join("; ");
}

const WORDS: Readonly<Record<Verb, string>> = {
  ...{ prepare: "prepared", pause: "paused", cutOver: "cut over", resume: "resumed", confirm: "confirmed" },
  ...{ revert: "put back", discard: "cleaned up", tidy: "tidied up", complete: "completed" },
};

/** What the way out did with it, as far as anybody wants to know: where everything went well there was nothing to do. */
function newsOf(state: Standing["state"], { parts, results, after }: Own): readonly Tick[] {
  const failed = after.filter(({ status }) => status === "failed");
  if (isPutBack(after)) {
    const back = after.findLast(({ status, verb }) => status === "done" && verb === "revert");
    return back && ticksOf(results).length > 0 ? [back, ...failed] : failed;
  }
  const done = ticksOf(results).filter(({ status }) => status === "done");
  const complete = state === "done" && done.length >= parts;
  return complete || ticksOf(results).length === 0 ? failed : after;
}

function failureIn(results: readonly Result[]) {
  return results.find((one) => one.status === "failed");
}

/** `api failed`; `web was left out` only when that is all there is to say. */
function reasonOf(leftOut: LeftOut | undefined, all: readonly Result[]): string | undefined {
  if (!leftOut) return undefined;
  const failures = leftOut.because.flatMap((name) => {
    const failure = failureIn(all.filter(({ component }) => component === name));
    return failure ? [`${name} ${failure.code === "HALF_WAY" ? "stands half way" : "failed"}`] : [];
  });
  const others = leftOut.because.map((name) => `${name} was left out`);
  return (failures.length > 0 ? failures : others).join(", ");
}
