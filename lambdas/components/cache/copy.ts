import type { VerbsOfWay } from "./job.ts";
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
  tidy: removeCopy,
};
