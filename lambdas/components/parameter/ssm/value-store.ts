import { LabelParameterVersionCommand } from "@aws-sdk/client-ssm";
import type { Tick } from "../../../contracts/tick.ts";
import { asked } from "../../aws-call.ts";
import type { Job, Store } from "../job.ts";
import { changeBack, changeForward, leftAlone, type NameChange } from "./by-name.ts";
import { type History, type HistoryEntry, historyOf, newestOf } from "./history.ts";
import { originLabel, originOf, sourceOf } from "./origin.ts";
import { putBack } from "./put-back.ts";
import { haveEqualValues, readValue } from "./read-value.ts";

/**
 * Puts an old version's value on top as a new version, and marks whose value it is. AWS compares nothing here, so every
 * tick begins with what is on top now (docs/facts/frontend-secrets-config.md §C.1).
 */
export const valueStore: Store = {
  /** Whoever can read the old value now will be able to write it: its key works and is granted. */
  async ready({ ssm, answer, details }) {
    for (const [name, wanted] of Object.entries(details.to)) {
      const history = await historyOf(ssm, name);
      const source = history && sourceOf(history, wanted);
      const value = source && (await readValue(ssm, name, source.version));
      if (value === undefined) return answer.failed("TARGET_GONE", `Version ${wanted} of ${name} is gone.`);
    }
    return undefined;
  },
  cutOver: (job) => changeForward(job, restoreValue),
  revert: (job) => changeBack(job, restoreValue),
};

async function restoreValue(job: Job, change: NameChange): Promise<Tick | undefined> {
  const { ssm, answer, steps } = job;
  const { phase, name, wanted, expected } = change;
  const history = await historyOf(ssm, name);
  if (!history) return answer.failed("NOT_ACTIVE", `There is no parameter ${name} any more.`);
  const newest = newestOf(history);
  if (originOf(newest) === wanted) {
    await steps.once(`${phase}-restored:${name}`, {
      restoredFromVersion: wanted,
      newVersion: newest.version,
    });
    return undefined;
  }
  if (steps.has(`${phase}-intended:${name}`) && (await hasValueOf(job, history, name, wanted))) {
    return mark(job, change, newest);
  }
  const isExpected =
    originOf(newest) === expected ||
    // The cut-over was killed before it could mark what it had written.
    (phase === "revert" && (await hasValueOf(job, history, name, expected)));
  if (!isExpected) return leftAlone(job, change, newest.version);
  const source = sourceOf(history, wanted);
  if (!source) return answer.failed("TARGET_GONE", `Version ${wanted} of ${name} is gone.`);
  return putBack(job, change, { source, newest });
}

/** After a lost answer: whether what is on top is what this rollback was about to write. Compared in memory, kept nowhere. */
async function hasValueOf({ ssm }: Job, history: History, name: string, origin: string): Promise<boolean> {
  const source = sourceOf(history, origin);
  const newest = newestOf(history);
  if (!source || source.version === newest.version) return source !== undefined;
  return source.KeyId === newest.KeyId && haveEqualValues(ssm, name, source.version, newest.version);
}

async function mark({ ssm, answer }: Job, { name, wanted }: NameChange, newest: HistoryEntry): Promise<Tick> {
  const doing = `Marking version ${newest.version} of ${name} as the value of version ${wanted}`;
  const { InvalidLabels = [] } = await asked(
    doing,
    ssm.send(
      new LabelParameterVersionCommand({
        Name: name,
        ParameterVersion: newest.version,
        Labels: [originLabel(wanted)],
      }),
    ),
  );
  // A refusal inside a success (docs/facts/frontend-secrets-config.md §C.1).
  if (InvalidLabels.length > 0) {
    return answer.failed("REFUSED_BY_AWS", `${doing}: AWS says that the label is not a valid one.`);
  }
  return answer.working(`Version ${newest.version} of ${name} has the value of version ${wanted}.`, 1);
}
