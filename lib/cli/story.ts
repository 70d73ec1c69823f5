import { styleText } from "node:util";
import { DURATION_TARGETS } from "../../lambdas/contracts/report.ts";
import { type DrillResult, passed } from "../drill/result.ts";
import { clockTime, type TimelineEntry } from "../drill/timeline.ts";

const COLOURS = { people: "yellow", application: "magenta", aws: "cyan", stepback: "green" } as const;
const WIDTH = Math.max(...Object.keys(COLOURS).map((who) => who.length));

/** One line of the story: virtual time since the drill began, who, what. */
export function tellLine({ at, who, text }: TimelineEntry, startedAt: number): string {
  return `${clockTime(at, startedAt)}  ${styleText(COLOURS[who], who.padEnd(WIDTH))}  ${text}`;
}

/** The end of the story: how each rollback ended, how long it took against the runbooks' targets, what was checked. */
export function storyOf(result: DrillResult): string {
  const lines = [""];
  for (const rollback of result.rollbacks) {
    const good = rollback.outcome === "Recovered";
    lines.push(`${styleText([good ? "green" : "yellow", "bold"], rollback.outcome)}: ${rollback.sentence}`);
    for (const [name, seconds] of Object.entries(rollback.durations ?? {}))
      lines.push(`  ${durationLine(name, seconds)}`);
    if (rollback.report) lines.push(`  report     ${rollback.report}`);
    lines.push(`  execution  ${rollback.execution}`, "");
  }
  const { userImpactSeconds, failedRequests } = result.measured;
  lines.push(`Users saw ${failedRequests} failed requests over ${userImpactSeconds} s (target < 900 s).`, "");
  for (const { claim, held, found } of result.checks) {
    lines.push(
      held
        ? `${styleText("green", "ok")}    ${claim}`
        : `${styleText("red", "FAILED")} ${claim}: found ${found}`,
    );
  }
  const replay = passed(result) ? "" : `Replay: the same command with --seed ${result.seed}\n`;
  return `${lines.join("\n")}\n${replay}`;
}

const NAMES: Readonly<Record<string, string>> = {
  rollbackSeconds: "rollback  ",
  recoverySeconds: "recovery  ",
  impactSeconds: "impact    ",
};

function durationLine(name: string, seconds: number): string {
  const target = (DURATION_TARGETS as Readonly<Record<string, number>>)[name];
  return `${NAMES[name] ?? name} ${seconds} s${target === undefined ? "" : ` (target < ${target} s)`}`;
}
