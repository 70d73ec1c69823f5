import type { ClusterRecord } from "./cluster-record.ts";
import type { InstanceRecord } from "./instance-record.ts";
import { badCombination, badValue } from "./rds-error.ts";
import type { RdsWorld } from "./rds-world.ts";
import { restoreWindow } from "./restore-window.ts";

export interface MomentRequest {
  readonly time: Date | undefined;
  readonly latest: boolean | undefined;
  /** How the request calls the time: `RestoreTime`, `RestoreToTime`. */
  readonly member: string;
}

/**
 * The moment that a request wants to go back to, epoch milliseconds. It must lie before LatestRestorableTime, and
 * the documented granularity is a second (docs/facts/database.md §1). The messages' wording is unverified.
 */
export function restoreMoment(
  world: RdsWorld,
  source: InstanceRecord | ClusterRecord,
  { time, latest, member }: MomentRequest,
): number {
  if (time && latest) {
    throw badCombination(`${member} cannot be specified with UseLatestRestorableTime.`);
  }
  if (!time && !latest) {
    throw badCombination(`Either ${member} or UseLatestRestorableTime must be specified.`);
  }
  const window = restoreWindow(world, source);
  if (!window) throw badValue(`The backups of ${source.id} do not reach back to any time yet.`);
  if (!time) return window.latest;
  const moment = Math.floor(time.getTime() / 1000) * 1000;
  if (moment < window.earliest) {
    throw badValue(
      `The specified instance cannot be restored to a time earlier than ${new Date(window.earliest).toISOString()}`,
    );
  }
  if (moment >= window.latest) {
    throw badValue(
      `The specified instance cannot be restored to a time later than ${new Date(window.latest).toISOString()}`,
    );
  }
  return moment;
}
