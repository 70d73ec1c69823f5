import type { Durations, ReportRequest } from "../contracts/report.ts";
import type { Tick } from "../contracts/tick.ts";
import type { Outcome } from "../contracts/vocabulary.ts";

/**
 * Names how a rollback ended. Never "Recovered" unless every component is confirmed on its target and the alarms are OK.
 */
export function outcomeOf({ planned, results, reverted, verification }: ReportRequest): {
  outcome: Outcome;
  sentence: string;
} {
  const wanted = planned.plan.waves.flatMap((wave) => wave.moves.map((move) => move.component));
  const done = results.filter((tick) => tick.status === "done").map((tick) => tick.component);
  const missing = wanted.filter((component) => !done.includes(component));
  if (missing.length > 0) return fellShort(results, done, missing, reverted);
  if (verification?.status === "recovered") {
    return {
      outcome: "Recovered",
      sentence: `Everything is back and the alarms are OK. ${verification.note}`,
    };
  }
  const why = verification?.note ?? "The alarms could not be read.";
  return {
    outcome: "RolledBackNotRecovered",
    sentence: `Everything was rolled back, but the trouble is not over. ${why} Somebody must look.`,
  };
}

function fellShort(
  results: readonly Tick[],
  done: readonly string[],
  missing: readonly string[],
  reverted: readonly Tick[],
): { outcome: Outcome; sentence: string } {
  const failures = results.filter((tick) => tick.status === "failed");
  const why = failures.map((tick) => `${tick.component}: ${tick.note}`).join(" ");
  const undone = reverted.filter((tick) => tick.status === "done").map((tick) => tick.component);
  const standing = done.filter((component) => !undone.includes(component));
  if (standing.length > 0) {
    const sentence = `${standing.join(", ")} went back, ${missing.join(", ")} did not. ${why} Somebody must look.`;
    return { outcome: "PartlyRolledBack", sentence };
  }
  const touched = failures.some((tick) => tick.touched) && undone.length < failures.length;
  const rest = undone.length > 0 ? ` ${undone.join(", ")} were put back to where they were.` : "";
  const state = touched ? "Something was changed; see the table." : "Nothing was changed.";
  return { outcome: "Failed", sentence: `The rollback failed. ${why} ${state}${rest} Somebody must look.` };
}

/** The three durations that the runbooks set targets for. */
export function durationsOf({ planned, verification, execution, cutOverAt }: ReportRequest): Durations {
  const rollbackSeconds = secondsBetween(execution.startedAt, cutOverAt);
  const recoveredAt = verification?.recoveredAt;
  if (!recoveredAt) return { rollbackSeconds };
  return {
    rollbackSeconds,
    recoverySeconds: Math.max(0, secondsBetween(cutOverAt, recoveredAt)),
    impactSeconds: secondsBetween(planned.since, recoveredAt),
  };
}

const secondsBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 1_000);
