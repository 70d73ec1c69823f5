import type { Environment, MatrixRule } from "../contracts/environment.ts";
import type { RollbackRecord } from "../contracts/ledger.ts";
import type { Decision } from "../contracts/plan.ts";
import type { Request } from "../contracts/request.ts";
import type { ApproverGroup, Outcome } from "../contracts/vocabulary.ts";
import type { AlarmCall } from "./alarm-event.ts";
import type { Assessed } from "./assessed.ts";
import { finishLine } from "./unfinished.ts";

/** Everything a decision is made of. Nothing else is looked at: the same facts give the same decision. */
export interface Facts {
  readonly request: Request;
  readonly environment: Environment;
  /** Absent when a person asks. */
  readonly alarm?: AlarmCall;
  /** The alarm's state on re-reading it now; absent when it could not be found. */
  readonly alarmNow?: string;
  readonly assessed: Assessed;
  /** Finished rollbacks of the last 24 hours, newest first. */
  readonly recent: readonly RollbackRecord[];
  /** A rollback that stands half way and holds what this one would move. */
  readonly halfWay?: Pick<RollbackRecord, "id" | "unfinished">;
  /** The rollback that holds the lock now, when one does. */
  readonly running?: { readonly id: string; readonly tidying?: boolean; readonly watching?: boolean };
  readonly now: Date;
}

/**
 * Decides what a request leads to. Total: every combination of facts has an answer with a reason in words.
 * The order of the questions is the order in which a careful person would ask them: is this real, is it ours, is it
 * already being handled, is there anything to go back to, was it a release, are we going in circles, who must agree.
 */
export function decide(facts: Facts): Decision {
  return (
    eventIsNotActionable(facts) ??
    alreadyHandled(facts) ??
    standsHalfWay(facts) ??
    nothingToDo(facts) ??
    onlyAsked(facts) ??
    followsEcs(facts) ??
    notCausedByARelease(facts) ??
    goesInCircles(facts) ??
    touchesData(facts) ??
    byAuthorization(facts) ??
    lacksEvidence(facts) ??
    byMatrix(facts)
  );
}

function eventIsNotActionable({ alarm, alarmNow, environment, now }: Facts): Decision | undefined {
  if (!alarm) return undefined;
  const ageMinutes = (now.getTime() - alarm.changedAt) / 60_000;
  const limit = environment.policy.eventMaxAgeMinutes;
  if (alarm.value !== "ALARM")
    return end("FixForward", `The alarm ${alarm.alarmName} changed to ${alarm.value}; only ALARM acts.`);
  if (alarm.muted) return end("FixForward", `The alarm ${alarm.alarmName} is muted; nothing was done.`);
  if (ageMinutes > limit) {
    const age = ageMinutes.toFixed(0);
    return end(
      "FixForward",
      `The alarm event is ${age} minutes old, the limit is ${limit}; nothing was done.`,
    );
  }
  if (alarmNow !== "ALARM") {
    const found = alarmNow === undefined ? "could not be found on looking again" : `is ${alarmNow} again`;
    return end("FixForward", `The alarm ${alarm.alarmName} ${found}; nothing was done.`);
  }
  return undefined;
}

/**
 * One rollback at a time: whoever comes while one is running joins it, whatever they saw; looking is always allowed. One that
 * only watches alarms keeps no person waiting, who has seen what it led to.
 */
function alreadyHandled({ request, alarm, recent, running }: Facts): Decision | undefined {
  if (running?.watching && !alarm && request.mode !== "rehearse") return undefined;
  if (running?.tidying && (alarm || request.mode !== "plan")) {
    const sentence = `${running.id} has ended and is still being put in order, so nothing was started.`;
    return end(
      "Joined",
      `${sentence} A message says when it is through: start again then, should the trouble go on.`,
    );
  }
  if (running && (alarm || request.mode !== "plan")) {
    return end("Joined", `${running.id} is already running; this request joined it and started nothing.`);
  }
  const done = alarm && recent.find((record) => record.eventId === alarm.eventId);
  return done && end("Joined", `This event already started ${done.id}, which ended ${done.outcome}.`);
}

/** Writers that an earlier rollback left stopped would count as stopped on purpose, and stay so. */
function standsHalfWay({ request, environment, halfWay }: Facts): Decision | undefined {
  if (!halfWay?.unfinished || request.mode === "rehearse") return undefined;
  const line = finishLine(environment.name, halfWay.id, halfWay.unfinished);
  return end("Refused", `${halfWay.id} stands half way and comes first. ${line} Nothing was changed.`);
}

function nothingToDo({ assessed, alarm }: Facts): Decision | undefined {
  const refusals = assessed.verdicts.filter((verdict) => verdict.verdict === "refuse");
  if (refusals.length > 0) return end("Refused", `${sentenceOf(refusals)} Nothing was changed.`);
  if (assessed.circle.length > 0) {
    const names = assessed.circle.join(", ");
    return end(
      "Refused",
      `${names} wait for one another, so nothing can be first; correct dependsOn, readBy or writers. Nothing was changed.`,
    );
  }
  if (goingBack(assessed).length > 0) return undefined;
  return end(alarm ? "FixForward" : "Refused", `Nothing to roll back. ${sentenceOf(assessed.verdicts)}`);
}

function onlyAsked({ request, environment, assessed }: Facts): Decision | undefined {
  const what = goingBack(assessed)
    .map((move) => `${move.component} to ${move.to.label}`)
    .join(", ");
  if (request.mode === "plan") return end("Planned", `Would roll back ${what}. Nothing was changed.`);
  if (environment.policy.shadow)
    return end("Planned", `Shadow mode: would have rolled back ${what}. Nothing was changed.`);
  if (request.mode !== "rehearse") return undefined;
  const prepared = assessed.moves.filter((move) => move.prepareSeconds > 0).map((move) => move.component);
  if (prepared.length === 0)
    return end("Refused", "Nothing in scope has a preparation that could be rehearsed.");
  return rollBack(
    `A rehearsal: ${prepared.join(", ")} prepared for real, measured, thrown away. Users notice nothing.`,
  );
}

/** What goes back, without those who only help. */
const goingBack = (assessed: Assessed) => assessed.moves.filter((move) => !move.stays);

/** ECS is already putting the service back (circuit breaker, alarms): following changes nothing and needs nobody. */
function followsEcs({ assessed }: Facts): Decision | undefined {
  const following = assessed.moves.every((move) => move.details["way"] === "follow");
  return following
    ? rollBack("ECS is already rolling back by itself; following it and verifying.")
    : undefined;
}

function notCausedByARelease({ alarm, assessed, environment, now }: Facts): Decision | undefined {
  if (!alarm) return undefined;
  const window = environment.policy.watchWindowMinutes;
  const since = now.getTime() - window * 60_000;
  if (assessed.lastChanges.some(({ at }) => at.getTime() >= since)) return undefined;
  const names = alarm.alarm.components.join(", ");
  return end(
    "FixForward",
    `The alarm ${alarm.alarmName} is real, but nothing in ${names} changed in the last ${window} minutes: not a bad release. People are told, nothing was done.`,
  );
}

function goesInCircles({ alarm, assessed, environment, recent, now }: Facts): Decision | undefined {
  if (!alarm) return undefined;
  const { cooldownMinutes, maxRollbacksPerDay } = environment.policy;
  const acted = recent.filter((record) => record.moves.length > 0);
  // With a mutable tag both ends of a move have one task definition: then its id says nothing about direction.
  const returns = (past: RollbackRecord["moves"][number]) =>
    past.from.id !== past.to.id &&
    assessed.moves.some((move) => move.component === past.component && move.to.id === past.from.id);
  const back = acted.find((record) => record.moves.some(returns));
  if (back) return ask(environment, "senior", `Ping-pong: this would undo ${back.id}. A person must decide.`);
  const automatic = acted.filter((record) => record.automatic);
  const last = automatic[0];
  if (last && now.getTime() - Date.parse(last.endedAt) < cooldownMinutes * 60_000) {
    return ask(
      environment,
      "senior",
      `${last.id} ended less than ${cooldownMinutes} minutes ago. A person must decide.`,
    );
  }
  if (automatic.length >= maxRollbacksPerDay) {
    return ask(
      environment,
      "senior",
      `${automatic.length} automatic rollbacks in 24 hours. A person must decide.`,
    );
  }
  return undefined;
}

/** Whoever asks and however urgent it is: data goes back only after a person has read what it costs. */
function touchesData({ request, environment, assessed }: Facts): Decision | undefined {
  const data = assessed.moves.filter((move) => move.tier === "data").map((move) => move.component);
  if (data.length === 0) return undefined;
  const group = request.authorization === "emergency" ? "senior" : GROUP_OF[request.authorization];
  return ask(
    environment,
    group,
    `${data.join(", ")} ${data.length === 1 ? "holds" : "hold"} data: a person must read the receipt and decide.`,
  );
}

/** An alarm says that something is wrong, not that configuration is: that takes a change of it just before. */
function lacksEvidence({ alarm, assessed, environment, now }: Facts): Decision | undefined {
  if (!alarm) return undefined;
  const since = now.getTime() - environment.policy.watchWindowMinutes * 60_000;
  const changed = new Set(
    assessed.lastChanges.filter(({ at }) => at.getTime() >= since).map((one) => one.component),
  );
  const unproven = assessed.moves.filter(
    (move) => move.tier === "configuration" && !changed.has(move.component),
  );
  if (unproven.length === 0) return undefined;
  const names = unproven.map((move) => move.component).join(", ");
  return ask(environment, "senior", `Nothing says that ${names} changed lately. A person must decide.`);
}

const GROUP_OF = { planned: "senior", security: "security", maintenance: "change-management" } as const;

function byAuthorization({ request, environment }: Facts): Decision | undefined {
  if (request.authorization === "emergency") return undefined;
  const group = GROUP_OF[request.authorization];
  return ask(environment, group, `A ${request.authorization} rollback needs approval by ${group}.`);
}

function byMatrix({ request, alarm, environment }: Facts): Decision {
  const judged = {
    severity: request.severity ?? alarm?.alarm.severity ?? "critical",
    userImpact: request.userImpact ?? alarm?.alarm.userImpact ?? "high",
    stability: request.stability ?? alarm?.alarm.stability ?? "unstable",
  };
  const words = `severity ${judged.severity}, user impact ${judged.userImpact}, ${judged.stability}`;
  const rule = environment.policy.matrix.find((candidate) => matches(candidate, judged));
  if (rule?.decision === "roll-back") return rollBack(`Rolling back now: ${words}.`);
  if (rule?.decision === "ask") return ask(environment, "senior", `A person must decide: ${words}.`);
  return end("FixForward", `Fix forward: ${words}. Nothing was changed.`);
}

function matches(
  rule: MatrixRule,
  judged: Required<Pick<MatrixRule, "severity" | "userImpact" | "stability">>,
): boolean {
  return (
    (rule.severity ?? judged.severity) === judged.severity &&
    (rule.userImpact ?? judged.userImpact) === judged.userImpact &&
    (rule.stability ?? judged.stability) === judged.stability
  );
}

const sentenceOf = (verdicts: readonly { readonly component: string; readonly reason: string }[]) =>
  verdicts.map((verdict) => `${verdict.component}: ${verdict.reason}`).join(" ");

const rollBack = (sentence: string): Decision => ({ action: "roll-back", sentence });
const end = (outcome: Outcome, sentence: string): Decision => ({ action: "end", outcome, sentence });

/** Without anybody who may approve there is no point in asking: the answer is no, and people are told. */
function ask(environment: Environment, group: ApproverGroup, sentence: string): Decision {
  if (environment.policy.approvers[group]) return { action: "ask", group, sentence };
  return end(
    "Rejected",
    `${sentence} The environment names no approvers for "${group}", so the answer is no.`,
  );
}
