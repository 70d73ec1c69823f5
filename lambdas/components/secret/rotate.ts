import { RotateSecretCommand } from "@aws-sdk/client-secrets-manager";
import type { Tick } from "../../contracts/tick.ts";
import { asked } from "../aws-call.ts";
import { type Job, ROTATION_WAIT_SECONDS } from "./job.ts";
import { moveLabel } from "./move-label.ts";
import { isOwnLabel } from "./own-label.ts";
import { describeSecret, nameOf, pendingOf, type SecretSight, shortOf } from "./reads.ts";
import { awaitReplicas } from "./replicas.ts";
import { rotationToken } from "./rotation-token.ts";
import { somebodyElse } from "./somebody-else.ts";

/** How long a started rotation may show no label at all before it counts as taken back. */
const SETTLING_SECONDS = 60;

/**
 * Rotates the secret forward, once however often it is asked: the token is the same every time. Then the old value loses
 * the labels under which it could still be read (docs/facts/frontend-secrets-config.md §B).
 */
export async function rotate(job: Job): Promise<Tick> {
  const { secrets, answer, details, steps, move, rollbackId } = job;
  const token = rotationToken(rollbackId, move.component);
  const seen = await describeSecret(secrets, details.secretArn);
  const elapsed = await steps.secondsSince("cut-over-began");
  const labels = seen?.described.VersionIdsToStages?.[token];
  if (!seen || !labels) {
    return steps.has("rotate-started") ? lost(job, seen, elapsed) : start(job, seen, token);
  }
  await steps.once("rotate-started", { version: token });
  // AWSPREVIOUS: it was current, and a newer one is by now.
  const wasCurrent = labels.includes("AWSCURRENT") || labels.includes("AWSPREVIOUS");
  if (wasCurrent && pendingOf(seen) === undefined) return hideOld(job, seen, token, elapsed);
  const name = nameOf(details.secretArn);
  if (elapsed > details.deadlineSeconds) {
    const note =
      `The rotation of ${name} has not ended after ${Math.round(details.deadlineSeconds / 60)} minutes: look at the ` +
      `log of ${seen.described.RotationLambdaARN ?? "its rotation function"}. ${shortOf(token)} is pending.`;
    return answer.failed("TOO_SLOW", note);
  }
  return answer.working(`${name} is being rotated to ${shortOf(token)}.`, ROTATION_WAIT_SECONDS);
}

async function start(job: Job, seen: SecretSight | undefined, token: string): Promise<Tick> {
  const { secrets, answer, details, steps } = job;
  const obstacle = somebodyElse(job, seen);
  if (obstacle) return obstacle;
  const name = nameOf(details.secretArn);
  await steps.once("rotate-intended", { version: token });
  await asked(
    `Rotating the secret ${name}`,
    secrets.send(new RotateSecretCommand({ SecretId: details.secretArn, ClientRequestToken: token })),
  );
  await steps.write("rotate-started", { version: token });
  return answer.working(`The rotation of ${name} began.`, ROTATION_WAIT_SECONDS);
}

/** A rotation that was begun and has left no label: somebody cancelled it. */
function lost({ answer, details }: Job, seen: SecretSight | undefined, elapsed: number): Tick {
  const name = nameOf(details.secretArn);
  if (!seen) return answer.failed("NOT_ACTIVE", `The secret ${name} is gone.`);
  if (elapsed <= SETTLING_SECONDS) return answer.working(`The rotation of ${name} does not show yet.`);
  return answer.failed(
    "SUPERSEDED",
    `Somebody took the rotation of ${name} back; ${shortOf(seen.labels.get("AWSCURRENT"))} is current. Rotate it again.`,
  );
}

/** One label a tick: AWSPREVIOUS, and those by which Stepback kept older versions alive. */
async function hideOld(job: Job, seen: SecretSight, token: string, elapsed: number): Promise<Tick> {
  const { answer, details, steps } = job;
  const safe = [token, seen.labels.get("AWSCURRENT")];
  const readable = [...seen.labels].find(
    ([label, id]) => (label === "AWSPREVIOUS" || isOwnLabel(label)) && !safe.includes(id),
  );
  if (readable) {
    const [label, from] = readable;
    await moveLabel(job, { label, from });
    return answer.working(`${label} was taken off the old ${shortOf(from)}.`, 1);
  }
  const replicas = awaitReplicas(job, seen, elapsed);
  if (typeof replicas !== "string") return replicas;
  await steps.once("cut-over-done");
  const name = nameOf(details.secretArn);
  return answer.done(`${name} is rotated to ${shortOf(token)}; no label leads to the old value.${replicas}`);
}
