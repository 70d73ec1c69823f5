import type { Announcement } from "../contracts/plan.ts";

/** What is known of a rollback that made copies while people were asked, and was not approved. */
export interface CopiesEnd {
  readonly rollbackId: string;
  readonly status: string;
  readonly said: readonly string[];
  /** Components of which a copy may be left. */
  readonly left: readonly string[];
  /** Components whose copy goes by itself later. */
  readonly later: readonly string[];
}

/** Told when a copy may be left, or when the question was stopped and so could not say its own end. */
export function announceCopies(
  environment: string,
  { rollbackId, status, said, left, later }: CopiesEnd,
): Announcement {
  const lines = [
    `${rollbackId} ended ${status} while people were asked. It changed nothing that anybody meets.`,
    left.length > 0 ? leftLine(left) : `${goneLine(later)} To ask again, start it again.`,
    ...said.map((line) => `- ${line}`),
  ];
  const subject =
    left.length > 0 ? `A copy of ${environment} is left` : `A question of ${environment} ended ${status}`;
  return { subject, message: lines.join("\n") };
}

/** Told when RDS did not let a copy go in all the time that it was asked to. */
export function announceCopyLeft(
  environment: string,
  rollbackId: string,
  { said, incomplete }: { readonly said: readonly string[]; readonly incomplete: readonly string[] },
): Announcement {
  const lines = [
    `${rollbackId} ended without a yes, long ago. It changed nothing that anybody meets.`,
    leftLine(incomplete),
    ...said.map((line) => `- ${line}`),
  ];
  return { subject: `A copy of ${environment} is left`, message: lines.join("\n") };
}

const leftLine = (components: readonly string[]) =>
  `Not every copy that was made meanwhile could be removed${components.length > 0 ? ` (${components.join(", ")})` : ""}. Look for databases and caches whose names end in -new, and remove them.`;

const goneLine = (later: readonly string[]) =>
  later.length > 0
    ? `The copies that were made meanwhile are removed, that of ${later.join(", ")} by itself when AWS lets it go.`
    : "The copies that were made meanwhile are removed.";
