import { createHash } from "node:crypto";
import type { Checkpoint, ComponentVersion } from "../contracts/ledger.ts";
import { versionIdOf } from "../contracts/version-id.ts";

export type Vector = Checkpoint["vector"];

/**
 * What makes two versions the same for people: the images by digest where known, else the task definition.
 * Two registrations of the same digests with different settings differ (their registration differs).
 */
export function contentKeyOf(version: ComponentVersion): string {
  const content =
    version.kind === "ecs-service" ? [version.registration, version.images] : versionIdOf(version);
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}

/** Whether two vectors hold the same components in the same versions. */
export function sameVector(a: Vector, b: Vector): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => {
    const [left, right] = [a[name], b[name]];
    return left !== undefined && right !== undefined && contentKeyOf(left) === contentKeyOf(right);
  });
}

/** `20261121T010203Z-3f2a9c1d`: sorts by time, unique by content. */
export function checkpointIdOf(vector: Vector, at: Date): string {
  const digest = createHash("sha256").update(JSON.stringify(vector)).digest("hex").slice(0, 8);
  return `${at.toISOString().replace(/[-:]/g, "").replace(/\.\d+/, "")}-${digest}`;
}

/**
 * Judges a candidate after its bake time: proven when it still runs and no alarm fired meanwhile.
 *
 * @param fired alarms that were in ALARM at any moment since the recording
 */
export function judge(
  candidate: Checkpoint,
  {
    running,
    fired,
    now,
  }: { readonly running: Vector | undefined; readonly fired: readonly string[]; readonly now: Date },
): Checkpoint {
  const judgedAt = now.toISOString();
  if (candidate.status !== "candidate") return candidate;
  if (fired.length > 0) {
    return {
      ...candidate,
      status: "suspect",
      judgedAt,
      because: `${fired.join(", ")} fired while it was baking`,
    };
  }
  if (!running || !sameVector(candidate.vector, running)) {
    return {
      ...candidate,
      status: "suspect",
      judgedAt,
      because: "something else was deployed before its bake time was over",
    };
  }
  return {
    ...candidate,
    status: "proven",
    judgedAt,
    because: "it ran through its bake time and no alarm fired",
  };
}
