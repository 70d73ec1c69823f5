import { CacheMove } from "../../contracts/kinds/cache.ts";
import { Answers } from "../answers.ts";
import { refusalText } from "../aws-call.ts";
import type { Driver } from "../component.ts";
import { Steps } from "../steps.ts";
import { copyVerbs } from "./copy.ts";
import { epochVerbs } from "./epoch.ts";
import { flushVerbs } from "./flush.ts";
import { type DriverServices, type Job, type Step, type VerbsOfWay, WAIT_SECONDS } from "./job.ts";

const WAYS: Readonly<Record<CacheMove["clean"]["way"], VerbsOfWay>> = {
  epoch: epochVerbs,
  flush: flushVerbs,
  snapshot: copyVerbs,
};

/** Steps after which users may notice this rollback. */
const TOUCHING: readonly Step[] = ["cut-over-intended", "flush-task-started"];

/** Keeps users from stale entries of one cache, one tick a call. A refusal by AWS is an answer, not an exception. */
export function cacheDriver(services: DriverServices): Driver {
  return {
    async tick(verb, move) {
      const steps = await Steps.read<Step>(services.journal, move.component, services.clock);
      const touched = () => steps.hasAny(TOUCHING);
      const answer = new Answers(move.component, verb, { touched, waitSeconds: WAIT_SECONDS });
      const details = CacheMove.parse(move.details);
      const job: Job = { ...services, move, details, steps, answer };
      const carryOut = WAYS[details.clean.way][verb];
      if (!carryOut) return answer.done(`A cache has nothing to do for ${verb}.`);
      try {
        return await carryOut(job);
      } catch (error) {
        const refusal = refusalText(error);
        if (refusal === undefined) throw error;
        return answer.failed("REFUSED_BY_AWS", refusal);
      }
    },
  };
}
