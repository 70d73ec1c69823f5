import type { Tick } from "../../../contracts/tick.ts";
import type { Job, Phase } from "../job.ts";

/** One parameter's part in a move. */
export interface NameChange {
  readonly phase: Phase;
  readonly name: string;
  /** The version that must be live now. */
  readonly expected: string;
  readonly wanted: string;
}

/** Changes a parameter a little: undefined when it is as wanted, else what to say this tick. */
type Change = (job: Job, change: NameChange) => Promise<Tick | undefined>;

/**
 * Changes one parameter after the other, one mutation a tick. The first that cannot be changed answers for all: those
 * before it have changed then, and the revert knows which.
 */
export async function changeForward(job: Job, change: Change): Promise<Tick> {
  const { answer, details, steps, move } = job;
  const elapsed = await steps.secondsSince("cut-over-began");
  for (const [name, wanted] of sorted(details.to)) {
    if (steps.has(`cut-over-restored:${name}`)) continue;
    const expected = details.from[name] ?? "";
    const tick = await change(job, { phase: "cut-over", name, expected, wanted });
    if (tick) return inTime(job, tick, elapsed);
    await steps.once(`cut-over-restored:${name}`);
  }
  return answer.done(`${move.to.label} is live.`);
}

/** The same the other way, for the parameters that this rollback set out to change, in the opposite order. */
export async function changeBack(job: Job, change: Change): Promise<Tick> {
  const { answer, details, steps, move } = job;
  const elapsed = await steps.secondsSince("revert-began");
  for (const [name, expected] of sorted(details.to).reverse()) {
    if (!steps.has(`cut-over-intended:${name}`) || steps.has(`revert-restored:${name}`)) continue;
    const wanted = steps.text(`overlaid:${name}`, "version") ?? details.from[name] ?? "";
    const tick = await change(job, { phase: "revert", name, expected, wanted });
    if (tick) return inTime(job, tick, elapsed);
    await steps.once(`revert-restored:${name}`);
  }
  return answer.done(`${move.from.label} is live again.`);
}

function inTime({ answer, details }: Job, tick: Tick, elapsedSeconds: number): Tick {
  if (tick.status !== "working" || elapsedSeconds <= details.deadlineSeconds) return tick;
  return answer.failed("TOO_SLOW", tick.note);
}

function sorted(versions: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(versions).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Somebody's newer change stays, whatever this rollback wanted. */
export function leftAlone({ answer, steps }: Job, { phase, name }: NameChange, version: number): Tick {
  const isOurs = phase === "revert" || steps.has(`cut-over-intended:${name}`);
  const note = `Somebody made version ${version} of ${name} live ${isOurs ? "meanwhile" : "after the plan was made"}; it was left alone.`;
  return answer.failed(isOurs ? "SUPERSEDED" : "CHANGED_SINCE_PLAN", note);
}
