import { SecretMove } from "../../contracts/kinds/secret.ts";
import type { Move } from "../../contracts/plan.ts";
import type { Tick } from "../../contracts/tick.ts";
import type { Verb } from "../../contracts/vocabulary.ts";
import { Answers } from "../answers.ts";
import { isNamed, refusalText } from "../aws-call.ts";
import type { Driver } from "../component.ts";
import { Steps } from "../steps.ts";
import { confirm } from "./confirm.ts";
import { cutOver } from "./cut-over.ts";
import { type DriverServices, type Job, type Step, TOUCHING, WAIT_SECONDS } from "./job.ts";
import { prepare } from "./prepare.ts";
import { revert } from "./revert.ts";
import { tidy } from "./tidy.ts";

const nothing = async ({ answer }: Job) => answer.done("A secret needs nothing here.");

const VERBS: Readonly<Record<Verb, (job: Job) => Promise<Tick>>> = {
  prepare,
  pause: nothing,
  cutOver,
  resume: nothing,
  confirm,
  revert,
  discard: nothing,
  complete: nothing,
  tidy,
};

/**
 * Moves the labels of one secret, or rotates it, one tick a call. Its value is never read: no role of Stepback may.
 * A refusal by AWS is an answer, a missing permission too; trouble that passes is an error that the workflow knows by name.
 */
export function secretDriver(services: DriverServices): Driver {
  return {
    async tick(verb: Verb, move: Move): Promise<Tick> {
      const steps = await Steps.read<Step>(services.journal, move.component, services.clock);
      const touched = () => steps.hasAny(TOUCHING) && !steps.has("reverted");
      const answer = new Answers(move.component, verb, { touched, waitSeconds: WAIT_SECONDS });
      const job: Job = { ...services, move, details: SecretMove.parse(move.details), steps, answer };
      try {
        return await VERBS[verb](job);
      } catch (error) {
        const refusal = refusalText(error);
        if (refusal === undefined) throw error;
        const gone = isNamed(error, "ResourceNotFoundException");
        return answer.failed(gone ? "TARGET_GONE" : "REFUSED_BY_AWS", refusal);
      }
    },
  };
}
