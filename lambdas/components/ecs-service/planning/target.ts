import type { TargetChoice } from "../../../contracts/request.ts";
import { type Content, labelOf, nameOf, sameContent } from "../content.ts";
import { liveAt, type Release, releasesBefore } from "../history.ts";
import { isBad, judgementOf, type Recorded } from "../ledger-view.ts";

/** Everything the choice of a target is made of. */
export interface Situation {
  readonly component: string;
  readonly wish: TargetChoice;
  /** What runs now or, while a deployment is in flight, what is being deployed. */
  readonly current: Content;
  /** The ledger's, newest first. */
  readonly records: readonly Recorded[];
  /** ECS's own, newest first. */
  readonly timeline: readonly Release[];
  /** The newest deployment failed and ECS, or CodeDeploy, has already gone back from it. */
  readonly ecsWentBack: boolean;
  /** What serves was put there by a rollback's own deployment, as that says itself. @default - only the ledger tells */
  readonly broughtBack?: boolean;
}

/** Where to go and why; `look-up` is a version that only AWS can know. */
export type Choice =
  | {
      readonly choice: "target";
      readonly content: Content;
      readonly checkpoint?: string;
      readonly because: string;
      readonly warnings: readonly string[];
    }
  | { readonly choice: "look-up"; readonly taskDefinition: string }
  | { readonly choice: "nothing-to-do" | "refuse"; readonly reason: string };

/** Chooses where a service goes back to. Pure: the same facts give the same target. */
export function chooseTarget(situation: Situation): Choice {
  const { wish } = situation;
  if (wish === "proven") return chooseProven(situation);
  if (wish === "previous") return choosePrevious(situation);
  if ("checkpoint" in wish) return chooseCheckpoint(situation, wish.checkpoint);
  if ("at" in wish) return chooseMoment(situation, new Date(wish.at));
  return chooseNamed(situation, wish.components[situation.component]);
}

/** The versions a person could name instead, for a refusal. */
export function candidatesOf({ records, timeline, current }: Situation): string {
  const good = [...records, ...timeline].filter(
    (content) => !sameContent(content, current) && !isBad(records, content),
  );
  const names = [...new Set(good.map(labelOf))].slice(0, 5);
  return names.length > 0 ? `Known versions are ${names.join(", ")}.` : "No other version is known.";
}

function chooseProven(situation: Situation): Choice {
  const { records, current } = situation;
  const stay = alreadyBack(situation);
  if (stay) return nothing(stay);
  const proven = records.filter((record) => record.status === "proven" && !isBad(records, record));
  const other = proven.find((record) => !sameContent(record, current));
  if (other) {
    return target(situation, other, `the newest proven version, checkpoint ${other.checkpoint.id}`);
  }
  if (proven.length > 0) {
    return nothing(
      `already runs ${labelOf(current)}, and the ledger holds no other proven version. Name one to go further back.`,
    );
  }
  const before = releasesBefore(situation.timeline, current).find((release) => !isBad(records, release));
  if (!before) return noTarget(situation, "neither the ledger nor ECS's own history holds a good version");
  return target(situation, before, "the last version before this one in ECS's own deployment history");
}

/**
 * Whether what runs is where a rollback has just landed: the alarm that comes late, or the second person at the console,
 * must not push a service that is on a known-good version one further back.
 */
function alreadyBack(situation: Situation): string | undefined {
  const { records, timeline, current, ecsWentBack, broughtBack = false } = situation;
  const label = labelOf(current);
  const status = judgementOf(records, current)?.status;
  const nothingProven = records.every((record) => record.status !== "proven");
  if (ecsWentBack && (status === "proven" || (nothingProven && !isBad(records, current)))) {
    return `already runs ${label}: the last deployment failed and AWS went back to it by itself. Name a version to go further back.`;
  }
  if (status !== "proven") return undefined;
  const left = timeline.find((release) => !sameContent(release, current));
  const cameBack = left && releasesBefore(timeline, left).some((release) => sameContent(release, current));
  const judged = left && judgementOf(records, left)?.status;
  // What was left may never have been recorded: releases that AWS does not announce are looked for now and then.
  const wasLeft = broughtBack ? judged !== "proven" : judged === "quarantined";
  if (!left || !cameBack || !wasLeft) return undefined;
  return `already runs ${label}, the proven version that the rollback from ${labelOf(left)} went to. Name a version to go further back.`;
}

function choosePrevious(situation: Situation): Choice {
  const { records, timeline, current } = situation;
  const good = (content: Content) => !sameContent(content, current) && !isBad(records, content);
  const before = releasesBefore(timeline, current).find(good);
  if (before) return target(situation, before, "the version before this one in ECS's own deployment history");
  const recorded = records.find(good);
  if (recorded) return target(situation, recorded, `the ledger's version before this one`);
  return noTarget(situation, "neither ECS's own history nor the ledger holds a version before this one");
}

function chooseCheckpoint(situation: Situation, id: string): Choice {
  const record = situation.records.find((candidate) => candidate.checkpoint.id === id);
  if (record) return target(situation, record, `checkpoint ${id}, as asked`);
  const known = situation.records.slice(0, 5).map((candidate) => candidate.checkpoint.id);
  const list = known.length > 0 ? `The newest are ${known.join(", ")}.` : "The ledger holds none for it.";
  return refuse(`checkpoint ${id} is not among the ledger's checkpoints of this component. ${list}`);
}

function chooseMoment(situation: Situation, moment: Date): Choice {
  const asked = moment.toISOString();
  const record = situation.records.find(
    (candidate) => Date.parse(candidate.checkpoint.recordedAt) <= moment.getTime(),
  );
  if (record) return target(situation, record, `what ran at ${asked}, checkpoint ${record.checkpoint.id}`);
  const release = liveAt(situation.timeline, moment);
  if (release) return target(situation, release, `what ran at ${asked}, from ECS's own deployment history`);
  return noTarget(situation, `nothing is known of what ran at ${asked}`);
}

function chooseNamed(situation: Situation, name: string | undefined): Choice {
  if (!name) return refuse(`the wish names no version for this component. ${candidatesOf(situation)}`);
  const isNamed = ({ taskDefinition }: Content) => taskDefinition === name || nameOf(taskDefinition) === name;
  const known = situation.records.find(isNamed) ?? situation.timeline.find(isNamed);
  if (known) return target(situation, known, `${nameOf(known.taskDefinition)}, as asked`);
  return { choice: "look-up", taskDefinition: name };
}

function target(situation: Situation, content: Content, because: string): Choice {
  const { records, current } = situation;
  if (sameContent(content, current)) return nothing(`already runs ${labelOf(content)}, ${because}.`);
  const judged = judgementOf(records, content);
  const checkpoint = records.find((record) => sameContent(record, content))?.checkpoint;
  return {
    choice: "target",
    content,
    because,
    warnings: trust(judged, labelOf(content), because),
    ...(checkpoint ? { checkpoint: (judged?.checkpoint ?? checkpoint).id } : {}),
  };
}

function trust(judged: Recorded | undefined, label: string, because: string): string[] {
  if (judged?.status === "proven") return [];
  if (judged) return [`${label} is ${judged.status}: ${judged.checkpoint.because}.`];
  return [`${label} is unproven: ${because}.`];
}

const nothing = (reason: string): Choice => ({ choice: "nothing-to-do", reason });
const refuse = (reason: string): Choice => ({ choice: "refuse", reason });
const noTarget = (situation: Situation, why: string): Choice =>
  refuse(`there is no target to go back to: ${why}. ${candidatesOf(situation)}`);
