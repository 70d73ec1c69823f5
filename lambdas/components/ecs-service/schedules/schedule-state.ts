import type { Job } from "../job.ts";

/** The schedules that the environment names. */
export const namesOf = ({ details }: Pick<Job, "details">): readonly string[] =>
  details.connectedTasks?.schedules ?? [];

/**
 * `over`, `trying` and `tried` change nothing; `disabling` before it is written and `disabled` after it; then `enabled`,
 * `refused`, `missed` or `gone`. Undefined for one that was disabled already, which stays so.
 */
export const stateOf = ({ steps }: Pick<Job, "steps">, name: string): string | undefined =>
  steps.text(`schedule-${name}`, "state");
