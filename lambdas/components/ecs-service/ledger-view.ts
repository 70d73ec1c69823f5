import type { Checkpoint, EcsServiceVersion } from "../../contracts/ledger.ts";
import { type Content, originOf, sameContent } from "./content.ts";
import type { Registration } from "./registration.ts";

/** A checkpoint as one service sees it. */
export interface Recorded extends Content {
  readonly checkpoint: Checkpoint;
  readonly registration: Registration;
}

/** What the ledger knows of one component, newest first. */
export function recordedOf(component: string, checkpoints: readonly Checkpoint[]): Recorded[] {
  return checkpoints.flatMap((checkpoint) => {
    const version = checkpoint.vector[component];
    return version?.kind === "ecs-service" ? [recorded(checkpoint, version)] : [];
  });
}

/**
 * The ledger's last word on a content, if it has one: the newest checkpoint of it that was judged. A content that was
 * proven once and quarantined later is quarantined.
 */
export function judgementOf(records: readonly Recorded[], content: Content): Checkpoint | undefined {
  return records.find((record) => record.checkpoint.status !== "candidate" && sameContent(record, content))
    ?.checkpoint;
}

export function isBad(records: readonly Recorded[], content: Content): boolean {
  const status = judgementOf(records, content)?.status;
  return status === "suspect" || status === "quarantined";
}

/** The registration that a checkpoint stored for a component. */
export function storedRegistration(version: EcsServiceVersion): Registration {
  // Written by this kind's own recorder as the input of RegisterTaskDefinition; the SDK checks it again when it is sent.
  return JSON.parse(version.registration) as Registration;
}

function recorded(checkpoint: Checkpoint, version: EcsServiceVersion): Recorded {
  const registration = storedRegistration(version);
  const { taskDefinition, images } = version;
  return {
    taskDefinition,
    images,
    registration,
    checkpoint,
    origin: originOf(taskDefinition, registration.tags),
  };
}
