import type { SecretComponent, SecretMove, SecretVersion } from "../../contracts/kinds/secret.ts";
import type { Move } from "../../contracts/plan.ts";
import { measuredOf } from "../../domain/measured.ts";
import type { Wish } from "../component.ts";
import { nameOf, type SecretSight } from "./reads.ts";
import { rotationToken } from "./rotation-token.ts";
import { labelOfVersion } from "./target.ts";

/** A label moves within seconds; replicas and rotations take longer. No lag is published: these are guesses until measured. */
const SECONDS = { "move-stage": 10, replicas: 60, rotate: 90 } as const;

export interface PlannedStage {
  readonly current: SecretVersion;
  readonly version: SecretVersion;
  readonly checkpoint: string;
  readonly because: string;
  readonly warnings: readonly string[];
}

/** The move that puts AWSCURRENT on an older version. */
export function moveTo(
  configuration: SecretComponent,
  wish: Wish,
  seen: SecretSight,
  { current, version, checkpoint, because, warnings }: PlannedStage,
): Move {
  const replicas = seen.described.ReplicationStatus ?? [];
  const usual = SECONDS["move-stage"] + (replicas.length > 0 ? SECONDS.replicas : 0);
  return {
    ...moveOf(configuration, wish, usual, {
      way: "move-stage",
      fromVersionId: current.versionId,
      toVersionId: version.versionId,
    }),
    from: { id: current.versionId, label: labelOfVersion(current) },
    to: {
      id: version.versionId,
      label: labelOfVersion(version),
      ...(checkpoint === "" ? {} : { checkpoint }),
    },
    reason: `${because}.`,
    warnings: [
      ...warnings,
      ...readerWarnings(configuration),
      ...replicaWarnings(seen),
      ...rotationWarnings(seen),
    ],
  };
}

/**
 * The move after a breach: forward. The rotation's new version has an id already, because the request's token becomes it
 * (docs/facts/frontend-secrets-config.md §B).
 */
export function rotate(
  configuration: SecretComponent,
  wish: Wish,
  seen: SecretSight,
  current: SecretVersion,
): Move {
  return {
    ...moveOf(configuration, wish, SECONDS.rotate, { way: "rotate", fromVersionId: current.versionId }),
    from: { id: current.versionId, label: labelOfVersion(current) },
    to: { id: rotationToken(wish.rollbackId, wish.component), label: "a new value" },
    reason: `after a breach a secret rotates forward, ${labelOfVersion(current)} is never restored.`,
    warnings: [
      "It cannot be undone: the old value may be known to others.",
      "With alternating users the old user's password stays valid until the next rotation: rotate again when the readers run on the new value.",
      ...readerWarnings(configuration),
      ...replicaWarnings(seen),
      ...(seen.described.RotationEnabled
        ? []
        : ["Automatic rotation is off: rotating may switch it on again."]),
    ],
  };
}

function moveOf(
  { secretArn, deadlineMinutes }: SecretComponent,
  { component, past }: Wish,
  usual: number,
  details: Omit<SecretMove, "secretArn" | "deadlineSeconds">,
): Omit<Move, "from" | "to" | "reason" | "warnings"> {
  const [measured = usual] = measuredOf(past, component, "cutOver");
  return {
    component,
    kind: "secret",
    tier: "configuration",
    verbs: ["prepare", "cutOver", "confirm"],
    estimateSeconds: measured,
    prepareSeconds: 0,
    details: { ...details, secretArn, deadlineSeconds: deadlineMinutes * 60 },
  };
}

/** ECS injects a secret at container start only, and a version named in `valueFrom` ignores AWSCURRENT (§B). */
function readerWarnings({ secretArn, readBy }: SecretComponent): string[] {
  const known =
    readBy.length > 0
      ? []
      : [
          `No service is named that reads ${nameOf(secretArn)}: running tasks keep the value that they started with.`,
        ];
  return [
    ...known,
    "Open connections and caches keep the old value until they end, and a task definition that names a version does not follow: Stepback sees neither.",
  ];
}

function replicaWarnings({ described: { ReplicationStatus = [] } }: SecretSight): string[] {
  const failed = ReplicationStatus.filter(({ Status }) => Status === "Failed").map(({ Region }) => Region);
  const following = ReplicationStatus.filter(({ Status }) => Status !== "Failed").map(({ Region }) => Region);
  return [
    ...(following.length > 0
      ? [`Readers of the replicas in ${following.join(", ")} get the change too.`]
      : []),
    ...(failed.length > 0
      ? [`The replica in ${failed.join(", ")} has failed and will not follow: repair it.`]
      : []),
  ];
}

function rotationWarnings({ described: { RotationEnabled, NextRotationDate } }: SecretSight): string[] {
  if (!RotationEnabled) return [];
  const next = NextRotationDate ? ` next on ${NextRotationDate.toISOString().slice(0, 10)}` : "";
  return [`Its rotation stays on and will change the value again${next}.`];
}
