import type { Checkpoint, ComponentVersion } from "../contracts/ledger.ts";
import type { TargetChoice } from "../contracts/request.ts";
import type { CheckpointStatus } from "../contracts/vocabulary.ts";

/** A checkpoint as one component sees it. */
export interface Recorded<V> {
  readonly checkpoint: Checkpoint;
  /** What the checkpoint says of this component alone. */
  readonly status: CheckpointStatus;
  readonly version: V;
}

/** Everything the choice of a target among recorded versions is made of. */
export interface VersionSituation<V> {
  readonly component: string;
  readonly wish: TargetChoice;
  readonly current: V;
  /** The ledger's, newest first. */
  readonly records: readonly Recorded<V>[];
  /** The identity by which people and other rollbacks name a version: `Version.id`. */
  readonly idOf: (version: V) => string;
  readonly labelOf: (version: V) => string;
}

/** Where to go and why; `look-up` is a version that a person named and only AWS can know. */
export type VersionChoice<V> =
  | {
      readonly choice: "target";
      readonly version: V;
      readonly checkpoint: string;
      readonly because: string;
      readonly warnings: readonly string[];
    }
  | { readonly choice: "look-up"; readonly name: string }
  | { readonly choice: "nothing-to-do" | "refuse"; readonly reason: string };

/** What the ledger knows of one component of a kind, newest first. */
export function recordsOf<K extends ComponentVersion["kind"]>(
  component: string,
  kind: K,
  checkpoints: readonly Checkpoint[],
): Recorded<Extract<ComponentVersion, { kind: K }>>[] {
  return checkpoints.flatMap((checkpoint) => {
    const version = checkpoint.vector[component];
    if (!isOfKind(version, kind)) return [];
    return [{ checkpoint, status: statusFor(component, checkpoint), version }];
  });
}

/**
 * Chooses where a component goes back to, among the versions that the ledger holds. Pure: the same facts give the same
 * target. A target is never a version that a rollback went away from, unless a person names it.
 */
export function chooseVersion<V>(situation: VersionSituation<V>): VersionChoice<V> {
  const { wish, component } = situation;
  if (wish === "proven") return newestProven(situation);
  if (wish === "previous") return versionBefore(situation);
  if ("checkpoint" in wish) return ofCheckpoint(situation, wish.checkpoint);
  if ("at" in wish) return liveAt(situation, new Date(wish.at));
  return named(situation, wish.components[component]);
}

/** What the ledger held at a moment: the newest checkpoint recorded until then. */
export function recordedAt<V>(records: readonly Recorded<V>[], moment: Date): Recorded<V> | undefined {
  return records.find(({ checkpoint }) => Date.parse(checkpoint.recordedAt) <= moment.getTime());
}

/** A vector is quarantined for the components that left it; for the others it is not proven, and no more than that. */
export function statusFor(component: string, { status, quarantined = [] }: Checkpoint): CheckpointStatus {
  if (quarantined.includes(component)) return "quarantined";
  return status === "quarantined" ? "suspect" : status;
}

function newestProven<V>(situation: VersionSituation<V>): VersionChoice<V> {
  const { records, current, labelOf } = situation;
  const now = judgement(situation, current);
  // What is proven now stays: a late alarm must not push it one further back. A person may name a version.
  if (now?.status === "proven") {
    return nothing(`already is ${labelOf(current)}, which is proven. Name a version to go further back.`);
  }
  const proven = records.find(
    ({ status, version }) =>
      status === "proven" && !isBad(situation, version) && !same(situation, version, current),
  );
  if (proven)
    return target(situation, proven, `the newest proven version, checkpoint ${proven.checkpoint.id}`);
  return refuse(situation, "the ledger holds no proven version of it");
}

function versionBefore<V>(situation: VersionSituation<V>): VersionChoice<V> {
  const before = situation.records.find(
    ({ version }) => !same(situation, version, situation.current) && !isBad(situation, version),
  );
  if (before) return target(situation, before, "the ledger's version before this one");
  return refuse(situation, "the ledger holds no version before this one");
}

function ofCheckpoint<V>(situation: VersionSituation<V>, id: string): VersionChoice<V> {
  const record = situation.records.find(({ checkpoint }) => checkpoint.id === id);
  if (record) return target(situation, record, `checkpoint ${id}, as asked`);
  return refuse(situation, `checkpoint ${id} is not among the ledger's checkpoints of this component`);
}

function liveAt<V>(situation: VersionSituation<V>, moment: Date): VersionChoice<V> {
  const record = recordedAt(situation.records, moment);
  const asked = moment.toISOString();
  if (record)
    return target(situation, record, `what was live at ${asked}, checkpoint ${record.checkpoint.id}`);
  return refuse(situation, `the ledger does not reach back to ${asked}`);
}

function named<V>(situation: VersionSituation<V>, name: string | undefined): VersionChoice<V> {
  if (!name) return refuse(situation, "the wish names no version for this component");
  const record = situation.records.find(({ version }) => situation.idOf(version) === name);
  if (record) return target(situation, record, `${situation.labelOf(record.version)}, as asked`);
  if (situation.idOf(situation.current) === name) {
    return nothing(`already is ${situation.labelOf(situation.current)}, as asked.`);
  }
  return { choice: "look-up", name };
}

function target<V>(situation: VersionSituation<V>, record: Recorded<V>, because: string): VersionChoice<V> {
  const label = situation.labelOf(record.version);
  if (same(situation, record.version, situation.current)) return nothing(`already is ${label}, ${because}.`);
  const status = judgement(situation, record.version)?.status ?? record.status;
  const warnings = status === "proven" ? [] : [`${label} is ${status}: ${record.checkpoint.because}.`];
  return { choice: "target", version: record.version, checkpoint: record.checkpoint.id, because, warnings };
}

/** Proof and quarantine are about the version itself: the newer of them counts. Suspicion counts only without proof. */
function judgement<V>(situation: VersionSituation<V>, version: V): Recorded<V> | undefined {
  const about = situation.records.filter((record) => same(situation, record.version, version));
  return (
    about.find(({ status }) => status === "proven" || status === "quarantined") ??
    about.find(({ status }) => status === "suspect")
  );
}

function isBad<V>(situation: VersionSituation<V>, version: V): boolean {
  const status = judgement(situation, version)?.status;
  return status === "suspect" || status === "quarantined";
}

const same = <V>({ idOf }: VersionSituation<V>, a: V, b: V) => idOf(a) === idOf(b);

function isOfKind<K extends ComponentVersion["kind"]>(
  version: ComponentVersion | undefined,
  kind: K,
): version is Extract<ComponentVersion, { kind: K }> {
  return version?.kind === kind;
}

const nothing = (reason: string) => ({ choice: "nothing-to-do", reason }) as const;

function refuse<V>({ records, labelOf, current, idOf }: VersionSituation<V>, why: string) {
  const others = records.filter(({ version }) => idOf(version) !== idOf(current));
  const names = [...new Set(others.map(({ version }) => labelOf(version)))].slice(0, 5);
  const known = names.length > 0 ? ` Known versions are ${names.join(", ")}.` : " No other version is known.";
  return { choice: "refuse", reason: `there is no target to go back to: ${why}.${known}` } as const;
}
