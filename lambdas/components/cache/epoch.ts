import type { Tick } from "../../contracts/tick.ts";
import { epochIn } from "./epoch-number.ts";
import { followData } from "./follow-data.ts";
import type { Job, Phase, VerbsOfWay } from "./job.ts";
import { type PlainValue, readPlain, writePlain } from "./plain-parameter.ts";

/** A new number before every key: the old entries are still there, and nobody reads them. */
export const epochVerbs: VerbsOfWay = { cutOver, confirm, revert, tidy: (job) => followData(job, cutOver) };

async function cutOver(job: Job): Promise<Tick> {
  await job.steps.once("cut-over-began");
  const tick = await bump(job, "cut-over");
  if (tick.status === "done") await job.steps.once("cut-over-done");
  return tick;
}

async function confirm({ ssm, answer, details, steps }: Job): Promise<Tick> {
  const now = await readPlain(ssm, parameterOf(details.clean));
  if ("problem" in now) return answer.failed("CHANGED_SINCE_PLAN", sentence(now.problem));
  const wanted = steps.number("cut-over-written", "epoch") ?? Number(details.to);
  const epoch = epochIn(now.value);
  if (epoch !== undefined && epoch >= wanted) return answer.done(`The cache's epoch is ${epoch}.`);
  return answer.failed("SUPERSEDED", "Somebody set an older epoch meanwhile; it was left alone.");
}

/**
 * Never back to an old epoch: its entries have aged since and some may be the bad release's. Another fresh one is as
 * empty as the first, and as quick.
 */
async function revert(job: Job): Promise<Tick> {
  const { ssm, answer, details, steps } = job;
  const baseline = steps.number("cut-over-intended", "version");
  if (baseline === undefined) return answer.done("The epoch was not touched.");
  const now = await readPlain(ssm, parameterOf(details.clean));
  if (!("problem" in now) && now.version === baseline && !steps.has("revert-intended")) {
    return answer.done("The epoch was not touched.");
  }
  return bump(job, "revert");
}

/**
 * Moves on to an epoch that was never used. PutParameter has no precondition, so the version is written down before, and
 * compared afterwards (docs/facts/frontend-secrets-config.md §C.1).
 */
async function bump(job: Job, phase: Phase): Promise<Tick> {
  const { ssm, answer, details, steps } = job;
  const done = steps.number(`${phase}-written`, "epoch");
  if (done !== undefined)
    return answer.done(`The cache's epoch is ${done}: older entries are not read any more.`);
  const parameter = parameterOf(details.clean);
  const now = await readPlain(ssm, parameter);
  if ("problem" in now) return answer.failed("CHANGED_SINCE_PLAN", sentence(now.problem));
  const epoch = epochIn(now.value);
  if (epoch === undefined) {
    const note = `The parameter ${parameter} does not hold a number any more; it was left alone.`;
    return answer.failed("CHANGED_SINCE_PLAN", note);
  }
  const intended = steps.number(`${phase}-intended`, "version");
  if (intended === undefined) {
    if (phase === "cut-over" && now.value !== details.from) {
      const note = `The epoch is ${epoch} by now, the plan saw ${details.from}; it was left alone.`;
      return answer.failed("CHANGED_SINCE_PLAN", note, false);
    }
    await steps.write(`${phase}-intended`, { version: now.version, epoch: epoch + 1 });
  }
  if (intended !== undefined && now.version !== intended) return judge(job, phase, now);
  await writePlain(ssm, parameter, String(steps.number(`${phase}-intended`, "epoch")));
  const written = await readPlain(ssm, parameter);
  // A reading that is older than the writing says nothing yet.
  const isOld = "problem" in written || written.version === steps.number(`${phase}-intended`, "version");
  return isOld ? answer.working("Looking at the epoch again.", 1) : judge(job, phase, written);
}

/** Whether the epoch that stands there now is a fresh one, whoever else wrote at the same time. */
async function judge(job: Job, phase: Phase, now: PlainValue): Promise<Tick> {
  const { ssm, answer, details, steps } = job;
  const parameter = parameterOf(details.clean);
  const step = `${phase}-intended` as const;
  const wanted = steps.number(step, "epoch") ?? 0;
  const epoch = epochIn(now.value);
  if (epoch === undefined || epoch < wanted) {
    const note = `Somebody set the parameter ${parameter} at the same time; it was left alone.`;
    return answer.failed("SUPERSEDED", note);
  }
  const first = Math.max((steps.number(step, "version") ?? 0) + 1, now.version - MOST_COLLISIONS);
  const numbers = await Promise.all(
    Array.from({ length: now.version - first }, (_, index) => readPlain(ssm, parameter, first + index)),
  );
  const highest = Math.max(
    epoch,
    ...numbers.map((one) => ("problem" in one ? 0 : (epochIn(one.value) ?? 0))),
  );
  if (highest > epoch) {
    // Somebody's higher epoch was overwritten: only one beyond both was never used.
    await steps.write(step, { version: now.version, epoch: highest + 1 });
    return answer.working("Somebody changed the epoch at the same time; a fresh one follows.", 1);
  }
  await steps.write(`${phase}-written`, { epoch });
  return answer.done(`The cache's epoch is ${epoch}: older entries are not read any more.`);
}

/** Versions that are looked at when several writers met. */
const MOST_COLLISIONS = 5;

function parameterOf(clean: Job["details"]["clean"]): string {
  if (clean.way === "epoch") return clean.parameter;
  throw new Error(`A cache that is cleaned by ${clean.way} has no epoch`);
}

const sentence = (problem: string) => `${problem.charAt(0).toUpperCase()}${problem.slice(1)}`;
