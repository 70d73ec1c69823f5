import type { DatabaseCutOver } from "../../../contracts/kinds/database.ts";
import type { RollbackRecord } from "../../../contracts/ledger.ts";
import type { Sight } from "../sight.ts";
import type { Way } from "./check.ts";
import type { Snapshot } from "./restore-window.ts";
import { parseVersionId } from "./version-id.ts";

/** Seconds, as a range and as what is usual. */
export interface Span {
  readonly low: number;
  readonly usual: number;
  readonly high: number;
}

export interface Estimate {
  readonly prepare: Span;
  readonly cutOver: Span;
  readonly source: "measured" | "table";
}

export interface EstimateSituation {
  readonly component: string;
  readonly way: Way;
  readonly serving: Sight;
  readonly restoreTo: Date | undefined;
  readonly snapshots: readonly Snapshot[];
  /** Users come to the copy while RDS still backs it up, and still takes the safety snapshot of the old one. */
  readonly servesEarly: boolean;
  readonly cutOver: DatabaseCutOver;
  readonly past: readonly RollbackRecord[];
}

/**
 * How long it takes until users are on the restored data: what this component's own rollbacks and rehearsals by the same
 * way took, else the table. RDS itself estimates nothing (docs/facts/database.md §1).
 */
export function estimateOf(situation: EstimateSituation): Estimate {
  const prepare = measured(situation, "prepare");
  const cutOver = measured(situation, "cutOver");
  return {
    prepare: prepare ?? preparation(situation),
    cutOver: cutOver ?? cuttingOver(situation),
    source: prepare ? "measured" : "table",
  };
}

export const sum = (a: Span, b: Span): Span => ({
  low: a.low + b.low,
  usual: a.usual + b.usual,
  high: a.high + b.high,
});

/** A quarter more than the longest that was ever seen. */
const MARGIN = 1.25;

/** The newest five are enough: a database grows. */
function measured(
  { past, component, way }: EstimateSituation,
  part: "prepare" | "cutOver",
): Span | undefined {
  const seconds = past
    .flatMap(({ moves }) => moves)
    .filter((move) => move.component === component && kindOfWay(move.to.id) === KIND_OF_WAY[way])
    .flatMap(({ took }) => took[part] ?? [])
    .slice(0, 5)
    .sort((a, b) => a - b);
  const [low] = seconds;
  const usual = seconds[Math.floor(seconds.length / 2)];
  const high = seconds.at(-1);
  if (low === undefined || usual === undefined || high === undefined) return undefined;
  return { low, usual, high: Math.ceil(high * MARGIN) };
}

type KindOfWay = "copy" | "backtrack" | "clone" | "return";

/** Restores are compared with restores, never with a backtrack or a clone of the same database. */
const KIND_OF_WAY: Readonly<Record<Way, KindOfWay>> = {
  "point-in-time": "copy",
  snapshot: "copy",
  backtrack: "backtrack",
  clone: "clone",
  return: "return",
};

function kindOfWay(versionId: string): KindOfWay {
  const { moment, by } = parseVersionId(versionId);
  return moment ? by : "return";
}

/** The safety snapshot: usually minutes, as it is incremental (docs/facts/database.md §4; "minutes" is inferred there). */
const SNAPSHOT: Span = { low: 60, usual: 240, high: 900 };
/** Three looks at the copy while it is begun; as long as it takes, should it be done before users may come. */
const BEGINNING: Span = { low: 20, usual: 30, high: SNAPSHOT.high };
/** What was kept gets its security groups back: minutes, as RDS takes for other changes of an instance; a guess. */
const REOPENING: Span = { low: 40, usual: 180, high: 600 };
/** Of an instance that was restored with backups on: 2 to 3 hours since 2025, minutes before (performance-reliability.md A1). */
const FIRST_BACKUP: Span = { low: 0, usual: 9_000, high: 10_800 };

function preparation({ way, serving, restoreTo, snapshots, servesEarly }: EstimateSituation): Span {
  if (way === "return") return servesEarly ? REOPENING : { low: 20, usual: 30, high: 120 };
  if (way === "backtrack") return SNAPSHOT;
  if (serving.shape === "cluster") {
    // About 4 minutes for the volume, 5 to 10 a member; a snapshot is downloaded before it is available (A1).
    const download = way === "snapshot" ? 2 * (serving.cluster.AllocatedStorage ?? 0) : 0;
    return { low: 540, usual: 900 + download / 2, high: 1_800 + download };
  }
  // 10 to 16 minutes even when it is empty; then as much log as was written since the snapshot before (A1, A2).
  const replay = way === "snapshot" ? 0 : logSeconds(restoreTo, snapshots);
  const isWaitedFor = serving.instance.BackupRetentionPeriod && !servesEarly;
  const restore = {
    low: 600 + Math.round(replay / 60),
    usual: 1_200 + Math.round(replay / 20),
    high: 1_800 + Math.round(replay / 8),
  };
  return isWaitedFor ? sum(restore, FIRST_BACKUP) : restore;
}

/** Seconds of log after the newest automated snapshot; a day when none is known. Rates of replaying are unverified. */
function logSeconds(restoreTo: Date | undefined, snapshots: readonly Snapshot[]): number {
  if (!restoreTo) return 0;
  const base = snapshots.find(({ automated, at }) => automated && at.getTime() <= restoreTo.getTime());
  return base ? (restoreTo.getTime() - base.at.getTime()) / 1_000 : 86_400;
}

/** docs/facts/database.md §5, "Downtime", and the settled looks that Stepback takes. */
const SWITCHING: Readonly<Record<DatabaseCutOver["strategy"], Span>> = {
  proxy: { low: 30, usual: 60, high: 180 },
  "endpoint-parameter": { low: 10, usual: 20, high: 60 },
  "endpoint-secret": { low: 10, usual: 20, high: 60 },
  // Two renames and two reboots, each up to ten minutes until the name resolves.
  rename: { low: 300, usual: 720, high: 1_500 },
};

function cuttingOver({ way, cutOver, servesEarly }: EstimateSituation): Span {
  if (way === "backtrack") return { low: 60, usual: 180, high: 900 };
  if (way === "clone") return { low: 0, usual: 0, high: 0 };
  return sum(servesEarly ? BEGINNING : SNAPSHOT, SWITCHING[cutOver.strategy]);
}
