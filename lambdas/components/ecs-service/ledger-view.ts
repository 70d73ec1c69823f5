import type { EcsServiceVersion } from "../../contracts/kinds/ecs-service.ts";
import type { Checkpoint } from "../../contracts/ledger.ts";
import type { CheckpointStatus } from "../../contracts/vocabulary.ts";
import { type Content, originOf, sameContent } from "./content.ts";
import type { Registration } from "./registration.ts";

/** A checkpoint as one service sees it. */
export interface Recorded extends Content {
  readonly checkpoint: Checkpoint;
  /** What the checkpoint says of this component alone. */
  readonly status: CheckpointStatus;
  readonly registration: Registration;
}

/** What the ledger knows of one component, newest first. */
export function recordedOf(component: string, checkpoints: readonly Checkpoint[]): Recorded[] {
  return checkpoints.flatMap((checkpoint) => {
    const version = checkpoint.vector[component];
    return version?.kind === "ecs-service" ? [recorded(component, checkpoint, version)] : [];
  });
}

/**
 * The ledger's word on a content of this component, if it has one. Proof and quarantine are about the version itself, so
 * the newer of them counts: what was proven once and quarantined later is quarantined, and the other way round. A
 * suspicion is about the vector it stood in; it counts only for a version that was never proven.
 */
export function judgementOf(records: readonly Recorded[], content: Content): Recorded | undefined {
  const same = records.filter((record) => sameContent(record, content));
  return (
    same.find(({ status }) => status === "proven" || status === "quarantined") ??
    same.find(({ status }) => status === "suspect")
  );
}

export function isBad(records: readonly Recorded[], content: Content): boolean {
  const status = judgementOf(records, content)?.status;
  return status === "suspect" || status === "quarantined";
}

/** A vector is quarantined for the components that left it; for the others it is not proven, and no more than that. */
function statusFor(component: string, { status, quarantined = [] }: Checkpoint): CheckpointStatus {
  if (quarantined.includes(component)) return "quarantined";
  return status === "quarantined" ? "suspect" : status;
}

/** The registration that a checkpoint stored for a component. */
export function storedRegistration(version: EcsServiceVersion): Registration {
  // Written by this kind's own recorder as the input of RegisterTaskDefinition; the SDK checks it again when it is sent.
  return JSON.parse(version.registration) as Registration;
}

function recorded(component: string, checkpoint: Checkpoint, version: EcsServiceVersion): Recorded {
  const registration = storedRegistration(version);
  const { taskDefinition, images } = version;
  return {
    taskDefinition,
    images,
    registration,
    checkpoint,
    status: statusFor(component, checkpoint),
    origin: originOf(taskDefinition, registration.tags),
  };
}
