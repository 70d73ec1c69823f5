import type { Checkpoint, RollbackRecord } from "../../lambdas/contracts/ledger.ts";
import type { LockKey } from "../../lambdas/contracts/lock.ts";
import { incompleteLine } from "../../lambdas/domain/incomplete.ts";
import { finishLine } from "../../lambdas/domain/unfinished.ts";
import type { Lock } from "../../lambdas/platform/ledger/lock.ts";
import type { OpenQuestion } from "./open-questions.ts";

/** What the ledger of an environment knows. */
export interface Known {
  readonly environment: string;
  /** Those that somebody holds. */
  readonly locks: readonly Lock[];
  /** Of executions that run; undefined when the caller may not see those. */
  readonly questions: readonly OpenQuestion[] | undefined;
  /** Newest first, as are the rollbacks. */
  readonly checkpoints: readonly Checkpoint[];
  readonly rollbacks: readonly RollbackRecord[];
}

/** The lines of `stepback list`. */
export function linesOf({ environment, locks, questions, checkpoints, rollbacks }: Known): readonly string[] {
  const running = locks.map((lock) => `${DOING[lock.key](lock)}: ${lock.owner} (${lock.execution})`);
  const holder = locks.find(({ key }) => key === "lock");
  return [
    ...(holder ? [] : ["Nothing is running."]),
    ...running,
    ...(questions ?? [])
      .filter(({ rollbackId }) => rollbackId !== holder?.owner)
      .map((question) => questionLine(question, holder !== undefined)),
    ...(questions ? [] : ["Open questions are not shown: your credentials lack states:ListExecutions."]),
    "",
    "Checkpoints, newest first:",
    ...orNone(checkpoints.map(({ id, status, because }) => `  ${id}  ${status.padEnd(11)}  ${because}`)),
    "",
    "Rollbacks, newest first:",
    ...orNone(rollbacks.flatMap((record) => rollbackLines(record, environment))),
  ];
}

/** What whoever holds a lock does with it. */
const DOING: Readonly<Record<LockKey, (lock: Lock) => string>> = {
  lock: ({ tidying, watching }) => {
    if (tidying) return "Being put in order";
    return watching ? "Watching alarms" : "Running";
  },
  "lock#rehearsal": () => "Rehearsing",
  "lock#asking": ({ tidying }) =>
    tidying ? "Removing copies that nobody approved" : "Making copies while people are asked",
  "lock#completing": () => "Setting what a rollback left for later",
};

/** Who was approved while somebody else moves something waits for its turn: from here it looks the same. */
const questionLine = ({ rollbackId, group, requestedBy, expiresAt }: OpenQuestion, isBusy: boolean) =>
  `Waiting for an answer of ${group}${isBusy ? ", or with one for its turn" : ""}: ${rollbackId}, asked for by ${requestedBy}. The commands are in its message; without one by ${expiresAt} the answer is no.`;

function rollbackLines(
  { id, outcome, reason, unfinished, incomplete = [] }: RollbackRecord,
  environment: string,
): readonly string[] {
  const line = `  ${id}  ${outcome.padEnd(22)}  ${short(reason)}`;
  return [
    line,
    ...(unfinished ? [`    ${finishLine(environment, id, unfinished)}`] : []),
    ...(incomplete.length > 0 ? [`    ${incompleteLine(incomplete)}`] : []),
  ];
}

const orNone = (lines: readonly string[]) => (lines.length > 0 ? lines : ["  none yet"]);

/** An alarm's reason lists every datapoint; the report has the whole of it. */
const short = (reason: string) => (reason.length > 100 ? `${reason.slice(0, 99)}…` : reason);
