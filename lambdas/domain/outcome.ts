import type { Verdict } from "../contracts/plan.ts";
import type { Durations, ReportRequest } from "../contracts/report.ts";
import type { Tick } from "../contracts/tick.ts";
import type { Outcome } from "../contracts/vocabulary.ts";
import { withFullStop } from "./full-stop.ts";
import { lastOfEach, type Standing, standingsOf, ticksOf } from "./standing.ts";

/**
 * Names how a rollback ended. Never "Recovered" unless every component is confirmed on its target and the alarms are OK.
 *
 * @param incomplete components of which something is left to do by itself, later
 */
export function outcomeOf(
  { planned, results, wayOut, verification }: ReportRequest,
  incomplete: readonly string[] = [],
): { outcome: Outcome; sentence: string } {
  const ticks = ticksOf(results);
  const standings = standingsOf(planned.plan, results, wayOut);
  if (standings.some(({ state }) => state !== "done")) return fellShort(ticks, standings, ticksOf(wayOut));
  if (planned.mode === "rehearse") {
    const all = "Everything was prepared, checked and thrown away again";
    const but =
      incomplete.length > 0 ? `, but for what AWS does not let go yet: ${incomplete.join(", ")}` : "";
    return { outcome: "Rehearsed", sentence: `${all}${but}.` };
  }
  const later = planned.plan.verdicts.filter((verdict) => verdict.later);
  if (later.length > 0) return leftForLater(standings, later, verification);
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

/** What was planned is done, and it is less than what was asked for. */
function leftForLater(
  standings: readonly Standing[],
  later: readonly Verdict[],
  verification: ReportRequest["verification"],
) {
  const went = namesOf(standings.filter(({ move }) => !move.stays)).join(", ");
  const left = later.map(({ component }) => component).join(", ");
  const why = later.map(({ component, reason }) => `${component}: ${reason}`).join(" ");
  const alarms =
    verification?.status === "recovered" ? "" : `${verification?.note ?? "The alarms could not be read."} `;
  const sentence = `${went} went back, ${left} did not. ${why} ${alarms}Somebody must look.`;
  return { outcome: "PartlyRolledBack" as const, sentence };
}

function fellShort(
  results: readonly Tick[],
  standings: readonly Standing[],
  wayOut: readonly Tick[],
): { outcome: Outcome; sentence: string } {
  const failures = results.filter((tick) => tick.status === "failed");
  const why = [...failures.map(lineOf), ...notPutRight(wayOut)];
  const back = wayOut.filter((tick) => tick.status === "done" && tick.verb === "revert");
  const undone = [...new Set(back.map((tick) => tick.component))];
  const went = standings.filter(({ move }) => !move.stays);
  // Its change was proven, and what did not come any more is the rest around it: writers that run again.
  const isProven = ({ move, state }: Standing) =>
    state === "partly done" && results.some((tick) => isConfirmed(tick) && tick.component === move.component);
  const wentBack = (one: Standing) => one.state === "done" || isProven(one);
  const standing = namesOf(went.filter(wentBack)).filter((name) => !undone.includes(name));
  // Users have it, but what was to check it never came.
  const isUnchecked = ({ move, state, where }: Standing) =>
    UNCHECKED.has(state) && where === move.to.label && where !== move.from.label;
  const others = went.filter((one) => !wentBack(one));
  const unchecked = namesOf(others.filter(isUnchecked));
  const missing = namesOf(others.filter((one) => !isUnchecked(one) && one.state !== "not needed"));
  const sentence = (...parts: readonly string[]) => [...parts, "Somebody must look."].join(" ");
  if (standing.length > 0 || unchecked.length > 0) {
    return {
      outcome: "PartlyRolledBack",
      sentence: sentence(wentSentence(standing, unchecked, missing), ...why),
    };
  }
  const left = failures.filter((tick) => tick.touched && !undone.includes(tick.component));
  const state = [
    ...(left.length > 0 ? ["Something was changed; see the table."] : []),
    ...(undone.length > 0 ? [`Put back to where they were: ${undone.join(", ")}.`] : []),
  ];
  const untouched = results.length > 0 ? "Nothing was changed." : RESULTS_LOST;
  const parts = state.length > 0 ? state : [untouched];
  return { outcome: "Failed", sentence: sentence("The rollback failed.", ...why, ...parts) };
}

const lineOf = ({ component, note }: Tick) => `${component}: ${withFullStop(note)}`;

/** What the way out could not do, a page that is still up before all: said last, after why it was taken at all. */
function notPutRight(wayOut: readonly Tick[]): readonly string[] {
  const lines = lastOfEach(wayOut)
    .filter(({ status }) => status === "failed")
    .map(lineOf);
  return lines.length > 0 ? ["Then this was not put right:", ...lines] : [];
}

/** A failure after the switch, or what was left out after it, changes nothing about where users are. */
const UNCHECKED: ReadonlySet<Standing["state"]> = new Set<Standing["state"]>([
  "partly done",
  "failed",
  "left out",
]);

function wentSentence(
  standing: readonly string[],
  unchecked: readonly string[],
  missing: readonly string[],
): string {
  const parts = [
    ...(standing.length > 0 ? [`${standing.join(", ")} went back`] : []),
    ...(unchecked.length > 0 ? [`${unchecked.join(", ")} went back unchecked`] : []),
    missing.length > 0 ? `${missing.join(", ")} did not.` : "but not everything around it is as it was.",
  ];
  return parts.join(", ");
}

const isConfirmed = ({ status, verb }: Tick) => status === "done" && verb === "confirm";

const namesOf = (standings: readonly Standing[]) => standings.map(({ move }) => move.component);

/** The workflow hands over no results at all when its waves broke: then nothing may be claimed. */
const RESULTS_LOST = "Its results are lost, so what was changed is not known.";

/** The three durations that the runbooks set targets for. */
export function durationsOf({ planned, verification, execution, cutOverAt }: ReportRequest): Durations {
  const rollbackSeconds = secondsBetween(execution.startedAt, cutOverAt);
  const recoveredAt = verification?.recoveredAt;
  if (!recoveredAt) return { rollbackSeconds };
  // Alarms that were OK all the time saw nothing of a person's trouble: then it lasted until the cut-over.
  const sawIt = Date.parse(recoveredAt) > Date.parse(planned.since);
  return {
    rollbackSeconds,
    recoverySeconds: Math.max(0, secondsBetween(cutOverAt, recoveredAt)),
    impactSeconds: secondsBetween(planned.since, sawIt ? recoveredAt : cutOverAt),
  };
}

const secondsBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 1_000);
