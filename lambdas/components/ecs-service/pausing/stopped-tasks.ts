import type { Task } from "@aws-sdk/client-ecs";
import type { Tick } from "../../../contracts/tick.ts";
import type { Verb } from "../../../contracts/vocabulary.ts";
import type { Job } from "../job.ts";

/**
 * Writes down that a standalone task is about to be stopped. What a rule starts comes back by itself; that such tasks say
 * `events-rule/…` is unverified: where AWS says something else, people are told too much and not too little.
 */
export async function noteStopped({ steps }: Job, family: string, { startedBy }: Task): Promise<void> {
  if (startedBy?.startsWith("events-rule/")) return;
  const known = familiesStopped(steps);
  if (!known.includes(family)) await steps.write("tasks-stopped", { families: [...known, family].join(" ") });
}

/**
 * The end of a verb after which users are served again, with what stays stopped: whether a standalone task may be run a
 * second time only people know, so it is never done for them.
 */
export function withStoppedTasks({ steps }: Job, verb: Verb, tick: Tick): Tick {
  const families = familiesStopped(steps);
  if (tick.status === "working" || !LAST_VERBS.includes(verb) || families.length === 0) return tick;
  const note = `${tick.note} Stopped while writers were paused and not started again: ${families.join(", ")}.`;
  return { ...tick, note };
}

/** The verbs after which users are served again. */
export const LAST_VERBS: readonly Verb[] = ["resume", "confirm", "revert", "tidy"];

/** Families have no spaces in their names. */
const familiesStopped = (steps: Job["steps"]): readonly string[] =>
  steps.text("tasks-stopped", "families")?.split(" ") ?? [];
