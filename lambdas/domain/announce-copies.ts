import type { Announcement } from "../contracts/plan.ts";

/** What is known of a rollback that made copies while people were asked, and was not approved. */
export interface CopiesEnd {
  readonly rollbackId: string;
  readonly status: string;
  readonly said: readonly string[];
  /** Components of which a copy may be left. */
  readonly left: readonly string[];
}

/** Told when a copy may be left, or when the question was stopped and so could not say its own end. */
export function announceCopies(
  environment: string,
  { rollbackId, status, said, left }: CopiesEnd,
): Announcement {
  const lines = [
    `${rollbackId} ended ${status} while people were asked. It changed nothing that anybody meets.`,
    left.length > 0
      ? `Not every copy that was made meanwhile could be removed (${left.join(", ")}). Look for databases and caches whose names end in -new, and remove them.`
      : "The copies that were made meanwhile are removed. To ask again, start it again.",
    ...said.map((line) => `- ${line}`),
  ];
  const subject =
    left.length > 0 ? `A copy of ${environment} is left` : `A question of ${environment} ended ${status}`;
  return { subject, message: lines.join("\n") };
}
