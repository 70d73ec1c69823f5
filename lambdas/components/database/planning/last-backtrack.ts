import { DescribeDBClusterBacktracksCommand, type RDSClient } from "@aws-sdk/client-rds";
import { asked } from "../../aws-call.ts";
import type { Sight } from "../sight.ts";

/**
 * Where the newest completed backtrack of a cluster came from that was asked for since then: the undo of a backtrack is one
 * forward (§3), and an older one is somebody else's.
 */
export async function lastBacktrackedFrom(
  rds: RDSClient,
  { identifier }: Sight,
  since: Date,
): Promise<Date | undefined> {
  const answer = await asked(
    `Reading the backtracks of ${identifier}`,
    rds.send(new DescribeDBClusterBacktracksCommand({ DBClusterIdentifier: identifier })),
  );
  return (answer.DBClusterBacktracks ?? [])
    .filter(({ Status }) => Status?.toLowerCase() === "completed")
    .filter(({ BacktrackRequestCreationTime: at }) => at !== undefined && at >= since)
    .sort(
      (a, b) =>
        (b.BacktrackRequestCreationTime?.getTime() ?? 0) - (a.BacktrackRequestCreationTime?.getTime() ?? 0),
    )
    .at(0)?.BacktrackedFrom;
}
