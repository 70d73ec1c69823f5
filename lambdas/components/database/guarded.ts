import { refusalText } from "../aws-call.ts";
import type { Progress } from "./strategies/progress.ts";
import { failed } from "./strategies/progress.ts";

/**
 * A refusal by AWS is bad news like any other, so that what was begun is put back. A missing permission is one, too: here
 * somebody must judge on which database it leaves users.
 */
export async function guarded(work: () => Promise<Progress>): Promise<Progress> {
  try {
    return await work();
  } catch (error) {
    const refusal = refusalText(error);
    if (refusal === undefined) throw error;
    return failed("REFUSED_BY_AWS", refusal);
  }
}
