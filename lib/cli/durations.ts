import { DURATION_TARGETS, type Durations } from "../../lambdas/contracts/report.ts";

const NAMES: Readonly<Record<keyof Durations, string>> = {
  rollbackSeconds: "from the start until the targets ran",
  recoverySeconds: "from then until every alarm was OK",
  impactSeconds: "from the alarm, or the start, until every alarm was OK",
};

/** How long a rollback took beside what the runbooks allow, one line each; what is unknown is left out. */
export function durationLines(durations: Readonly<Record<string, number>> = {}): string[] {
  const names = Object.keys(NAMES) as (keyof Durations)[];
  return names.flatMap((name) => {
    const seconds = durations[name];
    return seconds === undefined
      ? []
      : [`${String(seconds).padStart(5)} s  ${NAMES[name]} (target: under ${DURATION_TARGETS[name]} s)`];
  });
}
