import type { Tick } from "../../contracts/tick.ts";
import { asked, isNamed, refusalText } from "../aws-call.ts";
import { runChecks } from "./checks.ts";
import { findCopy } from "./find-copy.ts";
import { servesAlready } from "./first-backup.ts";
import type { Job } from "./job.ts";
import { acceptedLoss } from "./loss.ts";
import { secondsToNextLook } from "./pace.ts";
import { sendOnce, timesSent } from "./send-once.ts";
import type { Broken, Change, Database } from "./shapes/shape.ts";
import { CHANGEABLE_STATUSES, isWorkedOn } from "./states.ts";
import { isSteady } from "./steady.ts";

/** A change that RDS took this often without any effect will not have one. */
const MOST_ATTEMPTS = 3;
/**
 * `available` is not warm: blocks are loaded lazily. Waiting longer than this gains less than it costs (§1). RDS loads
 * from the moment that the storage is there, whatever else it does with the copy: the time counts from then.
 */
const WARM_UP_SECONDS = 300;

/** Makes the copy, gives it what a restore does not carry over, and proves that its data is what it should be. */
export async function prepareCopy(job: Job): Promise<Tick> {
  const { answer, shape, details, steps } = job;
  const source = await shape.find(details.sourceResourceId);
  if (!source) {
    const note = `The ${shape.noun} ${details.sourceResourceId} that the plan saw is gone.`;
    return answer.failed("CHANGED_SINCE_PLAN", note);
  }
  const copy = await findCopy(job);
  if (copy === "foreign") return answer.failed("NAME_TAKEN", takenNote(job));
  if (!copy) return makeCopy(job, source);
  if (copy.identifier !== details.stagingIdentifier) {
    const note = `Somebody renamed ${details.stagingIdentifier} to ${copy.identifier} while it was prepared; it was left alone.`;
    return answer.failed("CHANGED_SINCE_PLAN", note);
  }
  const broken = shape.broken(copy);
  if (broken) return answer.failed("PREPARE_FAILED", await brokenNote(job, broken, copy));
  if (shape.warmth(copy) !== undefined) await steps.once("warm-up-began");
  const early = servesAlready(job, shape.asServing(source, source.securityGroups), copy);
  const unlike = early ? await untilSteady(job, copy) : await makeAlike(job, source, copy);
  return unlike ?? (await proveCopy(job, { source, copy, early }));
}

/** Without a client token the name makes it one copy: a second request meets the first one's (docs/facts/database.md §7). */
async function makeCopy(job: Job, source: Database): Promise<Tick> {
  const { answer, shape, steps, details } = job;
  if (steps.has("copy-made")) {
    const note = `The copy ${details.stagingIdentifier} was deleted while it was prepared.`;
    return answer.failed("PREPARE_FAILED", note);
  }
  const intended = { identifier: details.stagingIdentifier };
  const before = steps.text("copy-intended", "resourceId");
  await steps.write("copy-intended", {
    ...intended,
    ...(before === undefined ? {} : { resourceId: before }),
  });
  const doing = `Restoring ${details.identifier} as ${details.stagingIdentifier}`;
  try {
    const resourceId = await asked(doing, shape.restore(source));
    if (resourceId !== undefined) await steps.write("copy-intended", { ...intended, resourceId });
  } catch (error) {
    if (isNamed(error, ...ALREADY_THERE))
      return answer.working(`${details.stagingIdentifier} is already there.`, 1);
    const refusal = refusalText(error);
    if (refusal === undefined) throw error;
    return answer.failed("PREPARE_FAILED", `${doing}: ${refusal}`);
  }
  // Whose it is, is read from AWS at the next look; nothing is lost when this answer is.
  return answer.working(`${doing} has begun.`, 2);
}

/** Undefined once a copy has served for some looks, as far as anybody can tell. */
async function untilSteady(job: Job, copy: Database): Promise<Tick | undefined> {
  if (await isSteady(job, "prepared", true)) return undefined;
  return job.answer.working(`${copy.identifier} is ${copy.status}, and serves already.`);
}

/** Undefined once the copy is like its source, and at rest. */
async function makeAlike(job: Job, source: Database, copy: Database): Promise<Tick | undefined> {
  const { answer, shape } = job;
  const resting = CHANGEABLE_STATUSES.includes(copy.status);
  if (!resting) {
    await isSteady(job, "prepared", false);
    return answer.working(
      `${copy.identifier} is ${copy.status}${BACKING_UP[copy.status] ?? ""}.`,
      secondsToNextLook(job),
    );
  }
  const change = shape.nextChange(source, copy);
  if (change) return carryOut(job, source, copy, change);
  const steady = await isSteady(job, "prepared", shape.isComplete(copy));
  if (!steady) return answer.working(`${copy.identifier} is ${copy.status}, coming to rest.`);
  const differences = shape.differences(source, copy, "prepared");
  if (differences.length > 0) return answer.failed("SETTINGS_DIFFER", differNote(copy, differences));
  return undefined;
}

async function carryOut(job: Job, source: Database, copy: Database, change: Change): Promise<Tick> {
  const { answer, shape } = job;
  await isSteady(job, "prepared", false);
  const sent = await sendOnce(job, change);
  if (sent === "waiting" && timesSent(job, change.key) >= MOST_ATTEMPTS) {
    const differences = shape.differences(source, copy, "prepared");
    return answer.failed("SETTINGS_DIFFER", differNote(copy, [change.what, ...differences]));
  }
  const note = sent === "busy" ? `Waiting for ${copy.identifier} to take a change` : `On ${copy.identifier}`;
  return answer.working(`${note}: ${change.what}.`);
}

interface Proof {
  readonly source: Database;
  readonly copy: Database;
  /** It serves before RDS is through with it. */
  readonly early: boolean;
}

async function proveCopy(job: Job, { source, copy, early }: Proof): Promise<Tick> {
  const { answer, shape, steps, details } = job;
  const warmth = shape.warmth(copy);
  if (warmth !== undefined && !early && (await steps.secondsSince("warm-up-began")) < WARM_UP_SECONDS) {
    return answer.working(`${copy.identifier} loads its storage: ${warmth} % so far.`);
  }
  const checked = await runChecks(job, "copy", { host: copy.host ?? "", arn: copy.arn });
  if (checked.status === "working") return answer.working(checked.note, checked.waitSeconds);
  if (checked.status === "failed") return answer.failed("CHECK_FAILED", checked.note);
  // The cut-over snapshots it: better waited for now than with the writers stopped.
  if (isWorkedOn(source.status)) {
    return answer.working(
      `${source.identifier} is ${source.status}; no snapshot of it can be taken before the end.`,
    );
  }
  const loss = acceptedLoss(job);
  if (loss.grew) return answer.failed("LOSS_GREW", loss.note);
  await steps.once("prepared", { resourceId: copy.resourceId });
  const cold =
    warmth === undefined ? "" : ` Its storage is still being loaded (${warmth} %): the first reads are slow.`;
  const rest = CHANGEABLE_STATUSES.includes(copy.status) ? "" : " RDS is not through with it.";
  return answer.done(
    `${copy.identifier} is ready. ${checked.note} ${loss.note}${cold}${rest} (${details.way})`,
  );
}

/** What a first backup after a restore may take since 2025 (docs/facts/performance-reliability.md A1). */
const BACKING_UP: Readonly<Record<string, string>> = {
  "backing-up": ": its first backup may take hours, and RDS changes nothing of it before the end",
};

function takenNote({ details, shape }: Job): string {
  return `The name ${details.stagingIdentifier} belongs to a ${shape.noun} that this rollback did not make; it was left alone.`;
}

/** A test, and the person who is asked, compare this list with the table of settings. */
function differNote(copy: Database, differences: readonly string[]): string {
  return `${copy.identifier} is not like the original: ${[...new Set(differences)].join("; ")}.`;
}

async function brokenNote({ shape }: Job, broken: Broken, copy: Database): Promise<string> {
  const troubles = await shape.troubles(broken, copy);
  const why = troubles.length > 0 ? ` RDS says: ${troubles.join("; ")}` : " RDS gives no reason.";
  return `${broken.identifier} ended as ${broken.status}.${why}`;
}

const ALREADY_THERE = [
  "DBInstanceAlreadyExistsFault",
  "DBInstanceAlreadyExists",
  "DBClusterAlreadyExistsFault",
] as const;
