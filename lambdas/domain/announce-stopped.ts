import type { Unfinished } from "../contracts/ledger.ts";
import type { Announcement } from "../contracts/plan.ts";
import { finishLine } from "./unfinished.ts";

/** What is known of an execution that ended before it could say how. */
export interface StoppedEnd {
  readonly executionArn: string;
  readonly status: string;
  /** Absent when it held no lock. */
  readonly rollbackId: string | undefined;
  readonly released: boolean;
  /** Its lock is gone, perhaps taken by another rollback while a copy was still being removed. */
  readonly taken: boolean;
  /** It said how it ended, but could not reach everything, or not give its lock back. */
  readonly toldItself: boolean;
  /** Whether a redrive may go on with its plan. */
  readonly resumable: boolean;
  /** Whether anything was, or may have been, changed that an undo would take back. */
  readonly undoable: boolean;
  /** What could not be put right, and a person may have tried again. */
  readonly unfinished?: Unfinished;
  /** What became of each component's temporary settings. */
  readonly tidied: readonly string[];
}

/** The message while its data is still being put in order: what that means for everybody, and that nobody need act. */
export function announceTidying(environment: string, end: StoppedEnd): Announcement {
  const lines = [
    howItEnded(end),
    "What it left half way is being put back. Until that is through, writers of such data stay stopped, users keep the maintenance page, and nothing else is rolled back. There is nothing to do; another message says how it ended.",
    ...end.tidied.map((line) => `- ${line}`),
  ];
  return { subject: `A stopped rollback of ${environment} is being tidied up`, message: lines.join("\n") };
}

/** The message about it: what happened, where the components are, and the commands that people may want next. */
export function announceStopped(environment: string, end: StoppedEnd): Announcement {
  const { status, rollbackId, released, undoable, tidied, unfinished } = end;
  const lock = released ? "Its lock was released." : "Somebody else has taken its lock.";
  const lines = [
    howItEnded(end),
    rollbackId
      ? `${lock} Components may be half way; look at them now.`
      : end.taken
        ? TAKEN
        : "It held no lock.",
    ...tidied.map((line) => `- ${line}`),
    ...(unfinished && rollbackId ? [finishLine(environment, rollbackId, unfinished)] : []),
    ...howToGoOn(end),
    ...(undoable
      ? [
          `To take back what it has done: npx stepback start --environment ${environment} --mode undo --undoes ${rollbackId} --reason "..."`,
        ]
      : []),
  ];
  return { subject: `Look now: a rollback of ${environment} ended ${status}`, message: lines.join("\n") };
}

const howItEnded = ({ executionArn, status, toldItself }: StoppedEnd) =>
  toldItself
    ? `The execution said how it ended, and left something to be put in order: ${executionArn}`
    : `The execution ended ${status} before it could say how: ${executionArn}`;

const TAKEN =
  "It holds no lock any more; another rollback may have taken it. All was put back. A copy that nobody uses may be left: look for databases and caches whose names end in -new.";

/** A redrive resumes this very plan and takes the lock again; that ends when somebody else takes it first. */
function howToGoOn({ executionArn, released, resumable }: StoppedEnd): string[] {
  const again = "start it again: it plans anew and goes on from what is there.";
  if (!released || !resumable) return [`When you know where the components are, ${again}`];
  return [
    `To go on with the same plan where it stopped (within 14 days, and only while nobody else has rolled back): aws stepfunctions redrive-execution --execution-arn ${executionArn}`,
    `When somebody has deployed or repaired something meanwhile, or the plan was wrong, ${again}`,
  ];
}
