import { isSameMajor } from "../settings/setting.ts";
import type { Sight } from "../sight.ts";
import type { RestoreWindow, Snapshot } from "./restore-window.ts";
import { inSeconds } from "./version-id.ts";

export interface WaySituation {
  readonly now: Date;
  readonly serving: Sight;
  readonly window: RestoreWindow | undefined;
  /** Newest first. */
  readonly snapshots: readonly Snapshot[];
  readonly at: Date;
  readonly exact: boolean;
  readonly backtrack: "prefer" | "never";
}

/** How a database comes to a moment; `restoreTo` is what is really reached. */
export type WayChoice =
  | {
      readonly way: "point-in-time" | "backtrack";
      readonly restoreTo: Date;
      readonly warnings: readonly string[];
    }
  | {
      readonly way: "snapshot";
      readonly snapshot: string;
      readonly restoreTo: Date;
      readonly warnings: readonly string[];
    }
  | { readonly way: "none"; readonly reason: string };

/**
 * Backtrack where it is possible, because it takes minutes; else a restore to the moment; else the newest snapshot before
 * it, which costs more. Pure.
 */
export function wayTo(situation: WaySituation): WayChoice {
  const { window, now } = situation;
  // A restore is as fine as a second, and after the asked moment is too late (docs/facts/database.md §1).
  const at = new Date(Math.floor(situation.at.getTime() / 1_000) * 1_000);
  if (at.getTime() > now.getTime()) {
    return none(`${inSeconds(at)} is in the future; name a time before the damage.`);
  }
  if (noBacktrackBecause(situation, at) === undefined) {
    return { way: "backtrack", restoreTo: at, warnings: [] };
  }
  if (!window || at.getTime() < window.earliest.getTime()) return fromSnapshot(situation, at);
  if (at.getTime() < window.latest.getTime()) return { way: "point-in-time", restoreTo: at, warnings: [] };
  return atTheEdge(situation, window, at);
}

/** Why the database cannot be taken back in place; undefined when it can (docs/facts/database.md §3). */
export function noBacktrackBecause(
  { serving, backtrack }: Pick<WaySituation, "serving" | "backtrack">,
  at: Date,
): string | undefined {
  if (serving.shape !== "cluster" || serving.engine !== "aurora-mysql") {
    return "only Aurora MySQL clusters can be taken back in place";
  }
  const { BacktrackWindow = 0, EarliestBacktrackTime, ...cluster } = serving.cluster;
  if (BacktrackWindow === 0) return "the cluster was made without a backtrack window";
  if (backtrack === "never") return "the environment says backtrack: never";
  if (cluster.GlobalClusterIdentifier) return "a global database cannot be backtracked";
  if (cluster.ReplicationSourceIdentifier || (cluster.ReadReplicaIdentifiers ?? []).length > 0) {
    return "it takes part in binlog replication";
  }
  if (!EarliestBacktrackTime || at.getTime() < EarliestBacktrackTime.getTime()) {
    const reach = EarliestBacktrackTime ? inSeconds(EarliestBacktrackTime) : "nowhere";
    return `its backtrack window reaches back to ${reach} only`;
  }
  return undefined;
}

/**
 * Logs reach S3 every five minutes, so the latest moment normally lags by no more; three times that means that something
 * is wrong with the database (docs/facts/database.md §1; the threshold is inferred).
 */
const NORMAL_LAG_MS = 15 * 60_000;

/** The backups do not reach the moment yet: the planner's may move back a little, a person's own may not. */
function atTheEdge({ now, exact }: WaySituation, { earliest, latest }: RestoreWindow, at: Date): WayChoice {
  const range = `choose a time between ${inSeconds(earliest)} and ${inSeconds(latest)} (UTC)`;
  const lagMs = now.getTime() - latest.getTime();
  if (lagMs > NORMAL_LAG_MS) {
    const minutes = Math.round(lagMs / 60_000);
    return none(
      `its backups have not moved on for ${minutes} minutes (storage full? not available?); ${range}, or wait.`,
    );
  }
  if (exact) return none(`backups reach ${inSeconds(latest)} only, and move on every few minutes; ${range}.`);
  // "Must be before the latest restorable time".
  const restoreTo = new Date(Math.ceil(latest.getTime() / 1_000) * 1_000 - 1_000);
  if (restoreTo.getTime() < earliest.getTime())
    return none(`there is no restorable moment before ${inSeconds(at)} yet.`);
  const seconds = Math.round((at.getTime() - restoreTo.getTime()) / 1_000);
  const warning = `Backups do not reach ${inSeconds(at)} yet: it goes ${seconds} seconds further back than the rest, to ${inSeconds(restoreTo)}.`;
  return { way: "point-in-time", restoreTo, warnings: [warning] };
}

function fromSnapshot({ window, snapshots, serving }: WaySituation, at: Date): WayChoice {
  const snapshot = snapshots.find((one) => one.at.getTime() <= at.getTime());
  const why = window
    ? `Automated backups reach back to ${inSeconds(window.earliest)} only`
    : "Automated backups are off";
  if (!snapshot) return none(`${lowered(why)}; only these snapshots exist: ${listOf(snapshots)}.`);
  const { identifier, engineVersion = serving.engineVersion } = snapshot;
  if (!isSameMajor(serving.engine, engineVersion, serving.engineVersion)) {
    // A restore stays in the snapshot's version (§2), and the groups of another major version do not fit it.
    return none(
      `${lowered(why)}; the newest snapshot before ${inSeconds(at)}, ${identifier}, is of ${serving.engine} ${engineVersion}, and ${serving.identifier} is ${serving.engineVersion}: its parameter group does not fit. Restore it by hand.`,
    );
  }
  const restoreTo = new Date(Math.floor(snapshot.at.getTime() / 1_000) * 1_000);
  const minutes = Math.ceil((at.getTime() - restoreTo.getTime()) / 60_000);
  const warning = `${why}; the newest snapshot before ${inSeconds(at)} is ${snapshot.identifier} of ${inSeconds(restoreTo)}: ${minutes} more minutes of writes are left behind.`;
  return { way: "snapshot", snapshot: snapshot.identifier, restoreTo, warnings: [warning] };
}

/** The newest few, by name and time. */
function listOf(snapshots: readonly Snapshot[]): string {
  const shown = snapshots.slice(0, 5).map(({ identifier, at }) => `${identifier} (${inSeconds(at)})`);
  return shown.join(", ") || "none";
}

const none = (reason: string): WayChoice => ({ way: "none", reason });

const lowered = (text: string) => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
