import type { Tick } from "../../contracts/tick.ts";
import { describeGroup, hostOf } from "./groups.ts";
import type { Job } from "./job.ts";
import { readPlain } from "./plain-parameter.ts";
import { type Swap, swapValue } from "./swap-value.ts";

/** Sends the application to the copy. Its services read the host at start, so they go back after this. */
export async function cutOverToCopy(job: Job): Promise<Tick> {
  const { ssm, answer, details, steps } = job;
  if (steps.has("cut-over-written")) return answer.done(`The application is sent to ${details.to}.`);
  const host = await hostOfTarget(job);
  if (host === undefined)
    return answer.failed("TARGET_GONE", `The cache ${details.to} is not there, or not available.`);
  await steps.once("cut-over-began");
  const intend = () => steps.once("cut-over-intended");
  const swap = await swapValue(ssm, parameterOf(job), { from: details.from, to: host, intend });
  const obstacle = obstacleIn(job, swap);
  if (obstacle !== undefined) return answer.failed("CHANGED_SINCE_PLAN", obstacle, false);
  await steps.write("cut-over-written");
  await steps.once("cut-over-done");
  return answer.done(`The application is sent to ${details.to}.`);
}

/** The parameter names the target, and the target answers. */
export async function confirmHost(job: Job): Promise<Tick> {
  const { ssm, answer, details } = job;
  const [now, host] = await Promise.all([readPlain(ssm, parameterOf(job)), hostOfTarget(job)]);
  if (host === undefined)
    return answer.failed("TARGET_GONE", `The cache ${details.to} is not there, or not available.`);
  if (!("problem" in now) && now.value === host)
    return answer.done(`The application is sent to ${details.to}.`);
  return answer.failed(
    "SUPERSEDED",
    "Somebody sent the application to another cache meanwhile; it was left alone.",
  );
}

/** Back to the cache from before, which was never changed; its services have to start again to read that. */
export async function revertHost(job: Job): Promise<Tick> {
  const { ssm, answer, details, steps } = job;
  if (!steps.has("cut-over-intended")) return answer.done("The application was not sent anywhere else.");
  const host = await hostOfTarget(job);
  const now = await readPlain(ssm, parameterOf(job));
  if (!("problem" in now) && now.value === details.from) {
    return answer.done("The application is sent to the cache from before.");
  }
  if (host === undefined) {
    return answer.failed(
      "SUPERSEDED",
      "The parameter holds neither cache of this rollback; it was left alone.",
    );
  }
  const swap = await swapValue(ssm, parameterOf(job), { from: host, to: details.from });
  const obstacle = obstacleIn(job, swap);
  if (obstacle !== undefined) return answer.failed("SUPERSEDED", obstacle);
  return answer.done("The application is sent to the cache from before again.");
}

async function hostOfTarget({ elasticache, details }: Job): Promise<string | undefined> {
  const group = await describeGroup(elasticache, details.to);
  // During a backup it serves as before.
  const serves = group?.Status === "available" || group?.Status === "snapshotting";
  return group && serves ? hostOf(group) : undefined;
}

function obstacleIn(job: Job, swap: Swap): string | undefined {
  const parameter = parameterOf(job);
  switch (swap.swap) {
    case "already":
    case "written":
      return undefined;
    case "unusable":
      return `The host cannot be changed: ${swap.problem}`;
    case "foreign":
      return `The parameter ${parameter} holds another host than the plan saw; it was left alone.`;
    case "collided":
      return `Somebody changed the parameter ${parameter} at the same moment; theirs was put back.`;
  }
}

function parameterOf({ details }: Job): string {
  if (details.clean.way === "snapshot") return details.clean.endpointParameter;
  throw new Error(`A cache that is cleaned by ${details.clean.way} has no endpoint parameter`);
}
