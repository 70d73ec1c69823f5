import type { Unfinished } from "../contracts/ledger.ts";
import type { Result } from "../contracts/left-out.ts";
import type { Announcement, Decision, Move, Plan } from "../contracts/plan.ts";
import type { Mode, Outcome } from "../contracts/vocabulary.ts";
import { incompleteLine } from "./incomplete.ts";
import { standingsOf } from "./standing.ts";
import { leftLine } from "./unfinished.ts";

/** What everybody who reads a message at three in the morning needs first. */
export interface Headline {
  readonly application: string;
  readonly environment: string;
  readonly rollbackId: string;
  readonly requestedBy: string;
  readonly reason: string;
}

/** Told when the plan is made: that a rollback starts, that somebody must decide, or why nothing happens. */
export function announceDecision(
  headline: Headline,
  decision: Decision,
  plan: Plan,
  mode: Mode = "execute",
): Announcement {
  const starts = mode === "rehearse" ? "Rehearsing" : "Rolling back";
  const subjects = { "roll-back": starts, ask: "Approval needed for" } as const;
  const subject = decision.action === "end" ? `${decision.outcome}:` : subjects[decision.action];
  const lines = [
    decision.sentence,
    "",
    ...verdictLines(plan),
    ...plan.moves.flatMap(receiptLines),
    ...waveLines(plan),
    ...(plan.waves.length > 0 ? [`Estimated time: ${minutesOf(plan.estimateSeconds)}.`] : []),
    ...footer(headline),
  ];
  return announcementOf(`${subject} ${headline.application} (${headline.environment})`, lines);
}

/** Told at the end: how it ended, who is where, where the report lies. */
export function announceOutcome(
  headline: Headline,
  {
    outcome,
    sentence,
    plan,
    results,
    wayOut,
    unfinished,
    incomplete,
    report,
  }: {
    outcome: Outcome;
    sentence: string;
    plan: Plan;
    results: readonly Result[];
    wayOut: readonly Result[];
    unfinished: Unfinished | undefined;
    incomplete: readonly string[];
    report: string;
  },
): Announcement {
  const table = standingsOf(plan, results, wayOut).map(({ move, state, where, note }) =>
    `- ${move.component}: ${state}${where === undefined ? "" : `, at ${where}`}. ${note}`.trim(),
  );
  const toFinish = unfinished ? [leftLine(headline, unfinished, wayOut)] : [];
  const later = incomplete.length > 0 ? [incompleteLine(incomplete)] : [];
  const lines = [sentence, ...toFinish, ...later, "", ...table];
  lines.push(`Report: ${report}`, ...footer(headline));
  return announcementOf(`${outcome}: ${headline.application} (${headline.environment})`, lines);
}

function verdictLines(plan: Plan): string[] {
  return plan.verdicts.flatMap((verdict) => [
    `- ${verdict.component}: ${verdict.reason}`,
    ...verdict.warnings.map((warning) => `  note: ${warning}`),
  ]);
}

/** The data-loss receipt, in words: nobody approves numbers they have not read. */
function receiptLines({ component, receipt }: Move): string[] {
  if (!receipt) return [];
  const { restoreTo, lossSeconds, estimate, keptIn, settingsThatDiffer, alternatives } = receipt;
  const source = estimate.source === "measured" ? "measured here before" : "not measured here yet";
  return [
    "",
    `What it costs to take ${component} back:`,
    `- Goes to ${restoreTo}. Writes of the last ${minutesOf(lossSeconds, Math.ceil)} are lost, and those until writers stop.`,
    `- Takes ${minutesOf(estimate.low)} to ${minutesOf(estimate.high)} (${source}).`,
    `- What is lost can still be found in: ${ended(keptIn)}`,
    ...settingsThatDiffer.map((one) => `- Differs afterwards: ${ended(one)}`),
    ...alternatives.map(({ what, whyNot }) => `- Rejected: ${ended(what)} ${whyNot}`),
  ];
}

/** With one full stop at the end, whoever wrote it. */
const ended = (sentence: string) => `${sentence.replace(/\.+$/, "")}.`;

/** Waves are worth reading when their order means something. */
function waveLines(plan: Plan): string[] {
  // What only a failure calls for is no part of the order.
  const waves = plan.waves.flatMap((wave) => {
    const actions = wave.actions.filter(({ ifFailed }) => ifFailed.length === 0);
    return actions.length > 0 ? [{ ...wave, actions }] : [];
  });
  if (waves.length < 2) return [];
  const lines = waves.map((wave, index) => {
    const names = wave.actions.map((action) => action.component).join(", ");
    return `${index + 1}. ${wave.why}: ${names}`;
  });
  return ["", "In this order:", ...lines];
}

const footer = (headline: Headline) => [
  "",
  `Rollback ${headline.rollbackId}, started by ${headline.requestedBy}.`,
  `Reason: ${headline.reason}`,
];

/** @param rounded a loss is rounded up, as its plan has it: never told too small */
export const minutesOf = (seconds: number, rounded: (value: number) => number = Math.round) =>
  seconds < 90 ? `${rounded(seconds)} seconds` : `${rounded(seconds / 60)} minutes`;

/** SNS subjects have no line breaks and "less than 100 characters" (SNS Publish; docs/facts/frontend-secrets-config.md). */
export function announcementOf(subject: string, lines: readonly string[]): Announcement {
  const ascii = subject.replace(/[^\x20-\x7e]/g, "?").slice(0, 99);
  return { subject: ascii, message: lines.join("\n") };
}
