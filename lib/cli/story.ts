import { styleText } from "node:util";
import { DURATION_TARGETS } from "../../lambdas/contracts/report.ts";
import { type DrillResult, passed } from "../drill/result.ts";
import { clockTime, type TimelineEntry } from "../drill/timeline.ts";
import { durationLines } from "./durations.ts";

const COLOURS = { people: "yellow", application: "magenta", aws: "cyan", stepback: "green" } as const;
const WIDTH = Math.max(...Object.keys(COLOURS).map((who) => who.length));
/** Lines of a message stand under its subject. */
const INDENT = " ".repeat("00:00:00  ".length + WIDTH + 2);

/**
 * A happening of the story: virtual time, who, what; under it the lines of a message, when it is one.
 *
 * @param since times are told from this moment on; without it, the time of day (UTC)
 */
export function tellLine({ at, who, text, details = [] }: TimelineEntry, since?: number): string {
  const time = since === undefined ? new Date(at).toISOString().slice(11, 19) : clockTime(at, since);
  const line = `${time}  ${styleText(COLOURS[who], who.padEnd(WIDTH))}  ${text}`;
  return [line, ...details.map((detail) => styleText("dim", `${INDENT}| ${detail}`))].join("\n");
}

/** The end of the story: how each rollback ended, how long it took against the runbooks' targets, what was checked. */
export function storyOf(result: DrillResult): string {
  const lines = [""];
  for (const rollback of result.rollbacks) {
    const good = rollback.outcome === "Recovered";
    lines.push(`${styleText([good ? "green" : "yellow", "bold"], rollback.outcome)}: ${rollback.sentence}`);
    lines.push(...durationLines(rollback.durations));
    if (rollback.report) lines.push(`  report     ${rollback.report}`);
    lines.push(`  execution  ${rollback.execution}`, "");
  }
  lines.push(impactLine(result), "");
  for (const { claim, held, found } of result.checks) {
    lines.push(
      held
        ? `${styleText("green", "ok")}      ${claim}`
        : `${styleText("red", "FAILED")}  ${claim}: found ${found}`,
    );
  }
  const replay = passed(result) ? "" : `Replay: the same command with --seed ${result.seed}\n`;
  return `${lines.join("\n")}\n${replay}`;
}

function impactLine({ measured: { userImpactSeconds, failedRequests } }: DrillResult): string {
  if (failedRequests === 0) return "Users noticed nothing: no request failed.";
  const target = `target: under ${DURATION_TARGETS.impactSeconds} s`;
  return `Users: ${failedRequests.toLocaleString("en")} requests failed over ${userImpactSeconds} s (${target}).`;
}
