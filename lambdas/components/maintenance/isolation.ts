import type { Tick } from "../../contracts/tick.ts";
import { type Barrier, barriersOf } from "./barriers.ts";
import type { Job } from "./job.ts";

/** Which way an isolation's move goes: a rollback isolates, its undo lifts. */
export type Course = "shut" | "lift";

/** Turns every barrier in the course's direction, one change a tick; those that stand there already are left alone. */
export async function isolate(job: Job, course: Course): Promise<Tick> {
  await job.steps.once("cut-over-began");
  const tick = await turnAll(job, course, barriersIn(job));
  if (tick.status === "done") await job.steps.once("cut-over-done");
  return tick;
}

/** Puts back what this rollback turned, and nothing that others did. */
export async function undoIsolation(job: Job, course: Course): Promise<Tick> {
  const { answer, steps } = job;
  const turned = barriersIn(job).filter(({ name }) => steps.has(`${name}-${course}-intended`));
  if (turned.length === 0) return answer.done("Isolation was not touched.");
  return turnAll(job, course === "shut" ? "lift" : "shut", turned.toReversed());
}

/** Only reads. */
export async function confirmIsolation(job: Job, course: Course): Promise<Tick> {
  const { answer } = job;
  const wanted = course === "shut" ? "shut" : "open";
  for (const barrier of barriersIn(job)) {
    const state = await barrier.look();
    if (typeof state === "object") return answer.failed("CHANGED_SINCE_PLAN", sentence(state.problem));
    if (state !== wanted) return answer.failed("SUPERSEDED", `Somebody changed ${barrier.label} meanwhile.`);
  }
  return answer.done(DONE[course]);
}

async function turnAll(job: Job, course: Course, barriers: readonly Barrier[]): Promise<Tick> {
  const { answer } = job;
  for (const barrier of barriers) {
    const state = await barrier.look();
    if (typeof state === "object") return answer.failed("CHANGED_SINCE_PLAN", sentence(state.problem));
    if (state === "other") {
      const note = `${sentence(barrier.label)} is not as it was made: somebody changed it, and it was left alone.`;
      return answer.failed("CHANGED_SINCE_PLAN", note);
    }
    if (state === (course === "shut" ? "open" : "shut")) return turn(job, course, barrier);
    if (course === "lift" && (await barrier.forget()))
      return answer.working("Forgetting what was before.", 1);
  }
  return answer.done(DONE[course]);
}

async function turn({ answer, details, steps, clock }: Job, course: Course, barrier: Barrier): Promise<Tick> {
  const step = `${barrier.name}-${course}-intended` as const;
  const former = steps.text(`${barrier.name}-shut-intended`, "groups");
  if (!steps.has(step)) await steps.write(step, course === "shut" ? await barrier.former() : {});
  const turned = await (course === "shut"
    ? barrier.shut()
    : barrier.lift(former ? { groups: former } : undefined));
  if (typeof turned === "object") return answer.failed("NOT_UNDOABLE", sentence(turned.problem));
  if (turned === "changed") return answer.working(`${sentence(barrier.label)}: being changed.`, 1);
  const seconds = (clock().getTime() - (steps.timeOf(step)?.getTime() ?? 0)) / 1_000;
  if (seconds <= details.deadlineSeconds)
    return answer.working(`Somebody changed ${barrier.label} at the same time.`, 2);
  return answer.failed("TOO_SLOW", `${sentence(barrier.label)}: somebody else keeps changing it.`);
}

function barriersIn({ details, move, ...clients }: Job): readonly Barrier[] {
  if (!details.isolation) throw new Error(`The move of ${move.component} isolates nothing`);
  return barriersOf(clients, details.isolation);
}

const DONE: Readonly<Record<Course, string>> = {
  shut: "Only the allow-list is let in. Connections that were open stay open until they are closed.",
  lift: "Everybody is let in again.",
};

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
