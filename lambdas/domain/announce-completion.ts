import type { Announcement } from "../contracts/plan.ts";
import { announcementOf } from "./announce.ts";
import { incompleteLine } from "./incomplete.ts";
import { finishCommand } from "./unfinished.ts";

/** What came of completing a rollback. */
interface Completion {
  readonly said: readonly string[];
  readonly givenUp: boolean;
  readonly incomplete: readonly string[];
}

/** Told once: users were back long before, so this wakes nobody unless it failed. */
export function announceCompletion(
  environment: string,
  rollbackId: string,
  { said, givenUp, incomplete }: Completion,
): Announcement {
  const lines = said.map((line) => `- ${line}`);
  if (givenUp) {
    return announcementOf(`Not complete: ${rollbackId}`, [
      "What it left for later is yours to do.",
      ...lines,
    ]);
  }
  if (incomplete.length === 0) {
    const sentence = "Nothing of this rollback is left to be set any more.";
    return announcementOf(`Complete: ${rollbackId}`, [sentence, ...lines]);
  }
  const sentence = `For a day AWS has not taken the rest of ${incomplete.join(", ")}. Users do not feel it. See why, and have it tried again: ${finishCommand(environment, rollbackId)}`;
  return announcementOf(`Not complete: ${rollbackId}`, [sentence, ...lines]);
}

/** The answer to a person who asked for it sooner than AWS takes it, or while somebody rolls back. */
export function announceNotYet(
  environment: string,
  rollbackId: string,
  { said, incomplete }: Completion,
): Announcement {
  const lines = said.map((line) => `- ${line}`);
  return announcementOf(`Not yet: ${rollbackId} (${environment})`, [incompleteLine(incomplete), ...lines]);
}
