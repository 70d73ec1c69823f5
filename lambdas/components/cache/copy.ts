import type { Tick } from "../../contracts/tick.ts";
import { dataMayBeBack } from "./follow-data.ts";
import type { Job, VerbsOfWay } from "./job.ts";
import { prepareCopy } from "./prepare-copy.ts";
import { removeCopy } from "./remove-copy.ts";
import { confirmHost, cutOverToCopy, revertHost } from "./switch-host.ts";

/** A second cache, filled from a snapshot, to which the application is sent by a parameter that holds the host. */
export const copyVerbs: VerbsOfWay = {
  prepare: prepareCopy,
  cutOver: cutOverToCopy,
  confirm: confirmHost,
  revert: revertHost,
  discard: removeCopy,
  tidy,
};

/** A copy that nobody was sent to is removed; when the data went back without it, people must clean the old one. */
async function tidy(job: Job): Promise<Tick> {
  const { steps, move } = job;
  const tick = await removeCopy(job);
  if (tick.status === "working" || steps.has("cut-over-intended") || !(await dataMayBeBack(job))) return tick;
  const note = `The data went back and this cache did not: what it holds may never have happened. Start again with scope ["${move.component}"].`;
  return { ...tick, note: `${tick.note} ${note}` };
}
