import type { Announcement, Decision, Plan } from "../contracts/plan.ts";
import type { Tick } from "../contracts/tick.ts";
import type { Outcome } from "../contracts/vocabulary.ts";

/** What everybody who reads a message at three in the morning needs first. */
export interface Headline {
  readonly application: string;
  readonly environment: string;
  readonly rollbackId: string;
  readonly requestedBy: string;
  readonly reason: string;
}

/** Told when the plan is made: that a rollback starts, that somebody must decide, or why nothing happens. */
export function announceDecision(headline: Headline, decision: Decision, plan: Plan): Announcement {
  const subjects = { "roll-back": "Rolling back", ask: "Approval needed for" } as const;
  const subject = decision.action === "end" ? `${decision.outcome}:` : subjects[decision.action];
  const lines = [
    decision.sentence,
    "",
    ...verdictLines(plan),
    ...(plan.waves.length > 0 ? [`Estimated time: ${minutesOf(plan.estimateSeconds)}.`] : []),
    ...footer(headline),
  ];
  return messageOf(`${subject} ${headline.application} (${headline.environment})`, lines);
}

/** Told at the end: how it ended, who is where, where the report lies. */
export function announceOutcome(
  headline: Headline,
  {
    outcome,
    sentence,
    results,
    report,
  }: { outcome: Outcome; sentence: string; results: readonly Tick[]; report: string },
): Announcement {
  const lines = [sentence, "", ...results.map((tick) => `- ${tick.component}: ${tick.status}. ${tick.note}`)];
  lines.push(`Report: ${report}`, ...footer(headline));
  return messageOf(`${outcome}: ${headline.application} (${headline.environment})`, lines);
}

function verdictLines(plan: Plan): string[] {
  return plan.verdicts.flatMap((verdict) => [
    `- ${verdict.component}: ${verdict.reason}`,
    ...verdict.warnings.map((warning) => `  note: ${warning}`),
  ]);
}

const footer = (headline: Headline) => [
  "",
  `Rollback ${headline.rollbackId}, started by ${headline.requestedBy}.`,
  `Reason: ${headline.reason}`,
];

export const minutesOf = (seconds: number) =>
  seconds < 90 ? `${Math.round(seconds)} seconds` : `${Math.round(seconds / 60)} minutes`;

/** SNS subjects have no line breaks and "less than 100 characters" (SNS Publish; docs/facts/frontend-secrets-config.md). */
function messageOf(subject: string, lines: readonly string[]): Announcement {
  const ascii = subject.replace(/[^\x20-\x7e]/g, "?").slice(0, 99);
  return { subject: ascii, message: lines.join("\n") };
}
