import type { DBCluster, DBClusterBacktrack } from "@aws-sdk/client-rds";
import { BacktrackDBClusterCommand, DescribeDBClusterBacktracksCommand } from "@aws-sdk/client-rds";
import type { Tick } from "../../contracts/tick.ts";
import { asked, isNamed } from "../aws-call.ts";
import { guarded } from "./guarded.ts";
import type { Job } from "./job.ts";
import { acceptedLoss } from "./loss.ts";
import { safetySnapshot, snapshotBeforeRevert } from "./safety-snapshot.ts";
import { mayBeUnderWay, sendOnce } from "./send-once.ts";
import type { ClusterDatabase } from "./shapes/shape.ts";
import { CHANGEABLE_STATUSES } from "./states.ts";
import { isSteady } from "./steady.ts";
import type { Progress } from "./strategies/progress.ts";
import { done, failed, working } from "./strategies/progress.ts";

/** Clocks differ: what AWS dates this much before our intention may still be ours. */
const CLOCK_SKEW_MILLIS = 5_000;
const POLL_SECONDS = 5;

/** There, or forward again. */
type Leg = "backtrack" | "backtrack-back";

/** In place there is nothing to make but a snapshot; whether the moment can be reached is looked at once more. */
export async function prepareBacktrack(job: Job): Promise<Tick> {
  const { answer, steps, details } = job;
  const database = await clusterOf(job);
  if (!database) return answer.failed("CHANGED_SINCE_PLAN", goneNote(job));
  const obstacle = obstacleTo(database.cluster, details.restoreTo);
  if (obstacle !== undefined) return answer.failed("PREPARE_FAILED", obstacle);
  const name = details.safetySnapshotIdentifier;
  const snapshot = await guarded(() => safetySnapshot(job, { of: database, name }));
  if (snapshot.state === "working") return answer.working(snapshot.note);
  if (snapshot.state === "failed") return answer.failed(snapshot.code, snapshot.note, false);
  const loss = acceptedLoss(job);
  if (loss.grew) return answer.failed("LOSS_GREW", loss.note);
  await steps.once("prepared");
  return answer.done(`The snapshot ${name} is there and the moment can be reached. ${loss.note}`);
}

/** Winds the cluster back where it stands: every connection ends, and it is the same cluster afterwards (§3). */
export async function cutOverByBacktrack(job: Job): Promise<Tick> {
  const { answer, details, steps } = job;
  if (steps.has("cut-over-done")) return answer.done(doneNote(job));
  const database = await clusterOf(job);
  if (!database || database.identifier !== details.identifier) {
    return answer.failed("CHANGED_SINCE_PLAN", goneNote(job));
  }
  await steps.once("cut-over-began");
  const progress = await guarded(() => leg(job, { key: "backtrack", database, to: details.restoreTo ?? "" }));
  if (progress.state === "working") return answer.working(progress.note, progress.waitSeconds);
  if (progress.state === "failed") return answer.failed(progress.code, progress.note);
  await steps.write("switched");
  await steps.write("cut-over-done");
  return answer.done(doneNote(job));
}

/** Forward to where it was wound back from; what was written since then is kept in a snapshot (§3). */
export async function revertBacktrack(job: Job): Promise<Tick> {
  const { answer, steps } = job;
  if (!steps.has("switch-intended"))
    return answer.done("This rollback changed nothing here; nothing to put back.");
  if (steps.has("reverted")) return answer.done("The cluster is where it was before.");
  const progress = await guarded(() => forward(job));
  if (progress.state === "working") return answer.working(progress.note, progress.waitSeconds);
  if (progress.state === "failed") return answer.failed(progress.code, progress.note, true);
  await steps.write("reverted");
  return answer.done("The cluster is where it was before.");
}

/** Waits for what was begun, and begins nothing. */
export async function tidyBacktrack(job: Job): Promise<Tick> {
  const { answer, steps } = job;
  if (steps.has("revert-began")) return revertBacktrack(job);
  if (!steps.has("switch-intended")) return answer.done("Nothing was begun; nothing to tidy.");
  if (steps.has("cut-over-done")) return answer.done(doneNote(job));
  const own = await findOwn(job, "backtrack");
  if (own || mayBeUnderWay(job, "backtrack"))
    return own ? cutOverByBacktrack(job) : answer.working("Waiting until it shows.");
  return answer.done("The backtrack was never carried out; the cluster is where it was.");
}

async function forward(job: Job): Promise<Progress> {
  const { steps } = job;
  const database = await clusterOf(job);
  if (!database) return failed("HALF_WAY", goneNote(job));
  const own = await findOwn(job, "backtrack");
  if (!own) {
    return mayBeUnderWay(job, "backtrack")
      ? working("Waiting until the backtrack shows or cannot any more.")
      : done;
  }
  if (isUnderWay(own)) return working(`The backtrack is ${own.Status}; then it is taken back.`, POLL_SECONDS);
  if (own.Status === "failed") return done;
  await steps.once("revert-began");
  if (!steps.has("backtrack-back-intended")) {
    const kept = await safetySnapshot(job, { of: database, name: snapshotBeforeRevert(job) });
    if (kept.state !== "done") return kept;
  }
  const from = steps.text("backtrack-started", "from");
  if (from === undefined)
    return failed("HALF_WAY", `AWS does not say from where ${database.identifier} was wound back.`);
  return leg(job, { key: "backtrack-back", database, to: from });
}

interface LegOf {
  readonly key: Leg;
  readonly database: ClusterDatabase;
  /** ISO 8601. */
  readonly to: string;
}

async function leg(job: Job, { key, database, to }: LegOf): Promise<Progress> {
  const { shape, steps } = job;
  const own = await findOwn(job, key);
  if (!own) return begin(job, { key, database, to });
  if (isUnderWay(own))
    return working(`Winding ${database.identifier} to ${to}: ${own.Status}.`, POLL_SECONDS);
  if (own.Status !== "completed") {
    return failed("REFUSED_BY_AWS", `Winding ${database.identifier} to ${to} ended as ${own.Status}.`);
  }
  const rests = await isSteady(job, key, shape.isSettled(database, database.identifier));
  await steps.once(`${key}-started`, factsOf(own));
  return rests ? done : working(`${database.identifier} is ${database.status}, coming to rest.`);
}

async function begin(job: Job, { key, database, to }: LegOf): Promise<Progress> {
  const { steps, rdsOnce, details } = job;
  const { identifier, cluster, status } = database;
  if (mayBeUnderWay(job, key))
    return working(`RDS does not show the backtrack of ${identifier} yet.`, POLL_SECONDS);
  if (!CHANGEABLE_STATUSES.includes(status)) return working(`${identifier} is ${status}.`);
  const obstacle = key === "backtrack" ? obstacleTo(cluster, details.restoreTo) : undefined;
  if (obstacle !== undefined) return failed("CHANGED_SINCE_PLAN", obstacle);
  await steps.once("switch-intended");
  const command = new BacktrackDBClusterCommand({
    DBClusterIdentifier: identifier,
    BacktrackTo: new Date(to),
  });
  const what = `winding ${identifier} to ${to}`;
  const sent = await sendOnce(job, { key, what, send: () => rdsOnce.send(command) });
  return working(sent === "busy" ? `RDS does not take it yet: ${what}.` : `RDS is ${what}.`, POLL_SECONDS);
}

/** The backtrack that this move's call began, even when its answer was lost: the first one since it was intended. */
async function findOwn(job: Job, key: Leg): Promise<DBClusterBacktrack | undefined> {
  const { steps, details } = job;
  const intended = steps.timeOf(`${key}-intended`);
  if (!intended) return undefined;
  const id = steps.text(`${key}-started`, "id");
  const all = await backtracksOf(job, details.identifier);
  const since =
    (steps.number(`${key}-intended`, "rejected") === 1 ? Number.POSITIVE_INFINITY : intended.getTime()) -
    CLOCK_SKEW_MILLIS;
  const own = all
    .filter(({ BacktrackIdentifier, BacktrackRequestCreationTime: at }) =>
      id === undefined ? (at?.getTime() ?? 0) >= since : BacktrackIdentifier === id,
    )
    .sort((a, b) => timeOf(a) - timeOf(b))[0];
  if (own) await steps.once(`${key}-started`, factsOf(own));
  return own;
}

async function backtracksOf({ rds }: Job, identifier: string): Promise<DBClusterBacktrack[]> {
  const found: DBClusterBacktrack[] = [];
  let marker: string | undefined;
  do {
    const input = { DBClusterIdentifier: identifier, ...(marker ? { Marker: marker } : {}) };
    const page = await asked(
      `Reading the backtracks of ${identifier}`,
      rds.send(new DescribeDBClusterBacktracksCommand(input)),
    ).catch((error: unknown) => {
      if (isNamed(error, "DBClusterBacktrackNotFoundFault")) return undefined;
      throw error;
    });
    found.push(...(page?.DBClusterBacktracks ?? []));
    marker = page?.Marker;
  } while (marker);
  return found;
}

async function clusterOf({ shape, details }: Job): Promise<ClusterDatabase | undefined> {
  const found = await shape.find(details.sourceResourceId);
  return found && "cluster" in found ? found : undefined;
}

/** Why the moment cannot be reached; conditions of docs/facts/database.md §3. */
function obstacleTo(cluster: DBCluster, restoreTo: string | undefined): string | undefined {
  const name = cluster.DBClusterIdentifier;
  if (!cluster.BacktrackWindow) return `${name} has no backtrack window any more.`;
  const earliest = cluster.EarliestBacktrackTime;
  if (restoreTo === undefined || (earliest && Date.parse(restoreTo) >= earliest.getTime())) return undefined;
  return `${name} can be wound back to ${earliest?.toISOString() ?? "an unknown moment"} at most, not to ${restoreTo}; restore a copy instead.`;
}

const isUnderWay = ({ Status }: DBClusterBacktrack) => /^(pending|applying)$/i.test(Status ?? "pending");
const timeOf = ({ BacktrackRequestCreationTime }: DBClusterBacktrack) =>
  BacktrackRequestCreationTime?.getTime() ?? 0;

function factsOf({ BacktrackIdentifier, BacktrackedFrom }: DBClusterBacktrack) {
  return { id: BacktrackIdentifier ?? "", ...(BacktrackedFrom && { from: BacktrackedFrom.toISOString() }) };
}

function goneNote({ details }: Job): string {
  return `The cluster ${details.identifier} that the plan saw (${details.sourceResourceId}) is gone or has another name.`;
}

function doneNote({ details }: Job): string {
  return `${details.identifier} is wound back to ${details.restoreTo}; a snapshot of before is ${details.safetySnapshotIdentifier}.`;
}
