import { LabelParameterVersionCommand } from "@aws-sdk/client-ssm";
import type { Tick } from "../../../contracts/tick.ts";
import { asked, isNamed } from "../../aws-call.ts";
import type { Job, Store } from "../job.ts";
import { changeBack, changeForward, leftAlone, type NameChange } from "./by-name.ts";
import { historyOf, holderOf } from "./history.ts";

/** Moves a label between versions: no value is read or written (docs/facts/frontend-secrets-config.md §C.1). */
export const labelStore: Store = {
  cutOver: (job) => changeForward(job, moveLabel),
  revert: (job) => changeBack(job, moveLabel),
};

/** AWS does not compare: who has the label is looked up right before. */
async function moveLabel(job: Job, change: NameChange): Promise<Tick | undefined> {
  const { ssm, answer, details, steps } = job;
  const { phase, name, expected, wanted } = change;
  if (details.source.store !== "ssm-label") throw new Error(`${name} is not read by a label`);
  const { label } = details.source;
  const history = await historyOf(ssm, name);
  const holder = history && holderOf(history, label);
  if (holder && String(holder.version) === wanted) return undefined;
  if (!holder)
    return answer.failed("NOT_ACTIVE", `${name} is gone, or no version of it has the label ${label}.`);
  if (String(holder.version) !== expected) return leftAlone(job, change, holder.version);
  if (!history.some(({ version }) => String(version) === wanted)) {
    return answer.failed("TARGET_GONE", `Version ${wanted} of ${name} is gone.`);
  }

  await steps.once(`${phase}-intended:${name}`);
  const doing = `Moving the label ${label} of ${name} to version ${wanted}`;
  try {
    const { InvalidLabels = [] } = await asked(
      doing,
      ssm.send(
        new LabelParameterVersionCommand({ Name: name, ParameterVersion: Number(wanted), Labels: [label] }),
      ),
    );
    // A refusal inside a success (§C.1).
    if (InvalidLabels.length > 0) {
      return answer.failed("REFUSED_BY_AWS", `${doing}: AWS says that the label is not a valid one.`);
    }
  } catch (error) {
    if (!isNamed(error, "TooManyUpdates")) throw error;
    return answer.working(`${doing}: somebody else is changing it at this moment.`);
  }
  return answer.working(`The label ${label} of ${name} moved to version ${wanted}.`, 1);
}
