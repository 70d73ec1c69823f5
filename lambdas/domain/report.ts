import type { Unfinished } from "../contracts/ledger.ts";
import type { ReportRequest } from "../contracts/report.ts";
import { DURATION_TARGETS, type Durations } from "../contracts/report.ts";
import type { Outcome } from "../contracts/vocabulary.ts";
import { minutesOf } from "./announce.ts";
import { incompleteLine } from "./incomplete.ts";
import { standingsOf } from "./standing.ts";
import { leftLine } from "./unfinished.ts";

/** A finished rollback, ready to be written down. */
export interface Report {
  readonly rollbackId: string;
  readonly environment: string;
  readonly outcome: Outcome;
  readonly sentence: string;
  readonly durations: Durations;
  readonly request: ReportRequest;
  readonly unfinished: Unfinished | undefined;
  readonly incomplete: readonly string[];
}

/** The report for people: what happened first, the numbers next, the table of components, what is left to do. */
export function markdownOf(report: Report): string {
  const { planned, verification } = report.request;
  return [
    `# ${report.outcome}: ${report.rollbackId}`,
    "",
    report.sentence,
    "",
    `- Environment: ${report.environment}`,
    `- Started by: ${planned.requestedBy}`,
    `- Reason: ${planned.reason}`,
    `- Decision: ${planned.decision.sentence}`,
    `- Execution: ${report.request.execution.id}`,
    "",
    "## How long it took",
    "",
    "| what | took | target |",
    "|---|---|---|",
    ...durationRows(report.durations),
    "",
    "## Who is where",
    "",
    "| component | from | to | state | is at | note |",
    "|---|---|---|---|---|---|",
    ...componentRows(report.request),
    "",
    "## Recovery",
    "",
    verification ? verification.note : "Recovery was not verified, because not every component went back.",
    ...(verification && verification.open.length > 0 ? [`Not OK: ${verification.open.join(", ")}.`] : []),
    "",
    "## What is left to do",
    "",
    ...leftToDo(report),
    "",
  ].join("\n");
}

const WORDS: Readonly<Record<keyof Durations, string>> = {
  rollbackSeconds: "Rollback (start to last cut-over)",
  recoverySeconds: "Recovery (cut-over to alarms OK)",
  impactSeconds: "User impact (alarm to alarms OK)",
};

function durationRows(durations: Durations): string[] {
  return (["rollbackSeconds", "recoverySeconds", "impactSeconds"] as const).map((key) => {
    const value = durations[key];
    const took = value === undefined ? "not reached" : `${value} s`;
    return `| ${WORDS[key]} | ${took} | < ${minutesOf(DURATION_TARGETS[key])} |`;
  });
}

function componentRows({ planned, results, wayOut }: ReportRequest): string[] {
  return standingsOf(planned.plan, results, wayOut).map(({ move, state, where = "", note }) => {
    const words = note.replaceAll("|", "/").replaceAll("\n", " ");
    return `| ${move.component} | ${move.from.label} | ${move.to.label} | ${state} | ${where} | ${words} |`;
  });
}

function leftToDo({ outcome, request, rollbackId, environment, unfinished, incomplete }: Report): string[] {
  const from = request.planned.plan.moves.filter((move) => !move.stays).map((move) => move.from.label);
  const toFinish = unfinished
    ? [`- ${leftLine({ environment, rollbackId }, unfinished, request.wayOut)}`]
    : [];
  const later = incomplete.length > 0 ? [`- ${incompleteLine(incomplete)}`] : [];
  const steps = [
    `- Your stack or pipeline still names ${from.join(", ")}: revert that change before the next deployment, or it comes back.`,
    `- To undo this rollback: \`npx stepback start --environment ${environment} --mode undo --undoes ${rollbackId} --reason "..."\`.`,
  ];
  const left = [...toFinish, ...later, ...steps];
  return outcome === "Recovered" ? left : [...NOW, ...left];
}

const NOW = [
  "- Somebody must look now; see the note of each component above.",
  "- When the cause is gone, start it again with the same reason: it goes on from what is there.",
];
