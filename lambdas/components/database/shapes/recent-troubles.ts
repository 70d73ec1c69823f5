import { DescribeEventsCommand, type RDSClient, type SourceType } from "@aws-sdk/client-rds";
import { asked } from "../../aws-call.ts";

/** Events are kept for 14 days; what matters to a rollback happened within the last one (docs/facts/database.md §6). */
const MINUTES = 24 * 60;

/** What RDS reported of a database lately, newest first, a few sentences: the reasons of a failed restore are there only. */
export async function recentTroubles(
  rds: RDSClient,
  type: SourceType,
  identifier: string,
): Promise<readonly string[]> {
  const answer = await asked(
    `Reading the events of ${identifier}`,
    rds.send(
      new DescribeEventsCommand({ SourceIdentifier: identifier, SourceType: type, Duration: MINUTES }),
    ),
  );
  const newestFirst = [...(answer.Events ?? [])].sort(
    (a, b) => (b.Date?.getTime() ?? 0) - (a.Date?.getTime() ?? 0),
  );
  const messages = newestFirst.flatMap(({ Message }) => (Message ? [Message.slice(0, 300)] : []));
  return [...new Set(messages)].slice(0, 3);
}
