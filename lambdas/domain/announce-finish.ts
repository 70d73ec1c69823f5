import type { Unfinished } from "../contracts/ledger.ts";
import type { Announcement } from "../contracts/plan.ts";
import { finishCommand, finishLine } from "./unfinished.ts";

/** What became of putting the rest of a rollback right. */
interface Finish {
  readonly finished: boolean;
  readonly tidied: readonly string[];
  readonly unfinished?: Unfinished;
}

/** The message after a first look, and at the end. */
export function announceFinish(
  environment: string,
  rollbackId: string,
  { finished, tidied, unfinished }: Finish,
): Announcement {
  const lines = tidied.map((line) => `- ${line}`);
  if (!finished) {
    const message = ["What is left of it is being put right; another message says how that ended.", ...lines];
    return { subject: `${rollbackId} is being finished`, message: message.join("\n") };
  }
  const message = unfinished
    ? [finishLine(environment, rollbackId, unfinished), ...lines]
    : [
        "Nothing is left of it: writers run, temporary settings are as they were, users are let in.",
        ...lines,
      ];
  return {
    subject: unfinished ? `Look now: ${rollbackId} is still not finished` : `${rollbackId} is finished`,
    message: message.join("\n"),
  };
}

const WHY_NOT = {
  unknown: "There is no such rollback in the ledger; `npx stepback list` shows them.",
  "nothing left": "Nothing of it is left to be put right.",
  busy: "Another rollback is running, or took the lock meanwhile. When it has ended:",
} as const;

/** The message when nothing was done. */
export function announceNoFinish(
  environment: string,
  rollbackId: string,
  why: keyof typeof WHY_NOT,
): Announcement {
  const again = why === "busy" ? ` ${finishCommand(environment, rollbackId)}` : "";
  return {
    subject: `${rollbackId} was not finished`.slice(0, 100),
    message: `${WHY_NOT[why]}${again} Nothing was changed.`,
  };
}
