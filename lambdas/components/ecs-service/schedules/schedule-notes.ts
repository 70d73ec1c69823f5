import type { Tick } from "../../../contracts/tick.ts";
import type { Verb } from "../../../contracts/vocabulary.ts";
import type { Job } from "../job.ts";
import { LAST_VERBS } from "../pausing/stopped-tasks.ts";
import { namesOf, stateOf } from "./schedule-state.ts";

/**
 * The end of a verb after which users are served again, with what the schedules did not start meanwhile. Whether it shall
 * still run only people know, so it is never done for them.
 */
export function withSchedules(job: Job, verb: Verb, tick: Tick): Tick {
  if (tick.status === "working" || !LAST_VERBS.includes(verb)) return tick;
  const { steps } = job;
  const namesIn = (state: string) => namesOf(job).filter((name) => stateOf(job, name) === state);
  const skipped = namesIn("enabled").map((name) => {
    const [from, to] = [steps.text(`schedule-${name}`, "since"), steps.timeOf(`schedule-${name}`)];
    return `${name} (${timeOfDay(from)} to ${timeOfDay(to?.toISOString())} UTC)`;
  });
  const missed = namesIn("missed").map(
    (name) => `${name} (due ${steps.text(`schedule-${name}`, "due")?.slice(0, 16)}Z)`,
  );
  const refused = namesIn("refused").map((name) => `${name} (${steps.text(`schedule-${name}`, "why")})`);
  const notes = [
    sentence("Schedules were disabled, and what was due then did not run", skipped),
    sentence("Still disabled, enable it yourself", refused),
    sentence(
      "Left disabled, because their time passed meanwhile and only you know whether they shall run",
      missed,
    ),
    sentence("Gone since they were disabled", namesIn("gone")),
  ];
  return { ...tick, note: [tick.note, ...notes].filter((note) => note !== "").join(" ") };
}

const sentence = (what: string, names: readonly string[]) =>
  names.length === 0 ? "" : `${what}: ${names.join(", ")}.`;

const timeOfDay = (iso = "") => iso.slice(11, 16);
