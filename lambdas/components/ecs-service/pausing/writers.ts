import type { Service } from "@aws-sdk/client-ecs";
import type { Job } from "../job.ts";

/**
 * Where pausing and resuming stand, as the journal says: `pausing` before the count was touched, `stopping` once that
 * was intended, `stopped` when it was done; `resuming` and `running` on the way up. A rollback may pause again after it
 * resumed, on its way back.
 */
export type WritersState = "pausing" | "stopping" | "stopped" | "resuming" | "running";

export interface Writers {
  readonly state: WritersState;
  /** When this state was written. */
  readonly at: Date;
  /** When this pausing or resuming began. */
  readonly since: Date;
  /** The PRIMARY deployment that was paused: another one later is somebody's. */
  readonly primary: string;
}

/** What this rollback did to the writers; undefined when it never paused them. */
export function writersOf({ steps }: Job): Writers | undefined {
  const state = steps.text("writers", "state");
  const at = steps.timeOf("writers");
  if (!isState(state) || !at) return undefined;
  const since = new Date(steps.text("writers", "since") ?? at);
  return { state, at, since, primary: steps.text("writers", "primary") ?? "" };
}

/** Goes from one state to the next; a new pausing or resuming begins to count its time. */
export async function moveWriters(job: Job, state: WritersState, paused?: string): Promise<void> {
  const known = writersOf(job);
  const primary = paused ?? known?.primary ?? "";
  if (known?.state === state) return;
  const begins = state === "pausing" || state === "resuming";
  const since = begins || !known ? job.clock() : known.since;
  await job.steps.write("writers", { state, primary, since: since.toISOString() });
}

/** The count to come back to: that of before the first pause. */
export function countOfBefore({ steps }: Job): number {
  return steps.number("pause-began", "desiredCount") ?? 0;
}

/** Whether the service stands still because of this rollback: nothing that could start tasks may be put back yet. */
export function isPaused(job: Job, service: Service): boolean {
  const state = writersOf(job)?.state;
  if (state === undefined || state === "running") return false;
  return state !== "resuming" || (service.desiredCount === 0 && countOfBefore(job) > 0);
}

const STATES: readonly WritersState[] = ["pausing", "stopping", "stopped", "resuming", "running"];

const isState = (text: string | undefined): text is WritersState => STATES.some((state) => state === text);
