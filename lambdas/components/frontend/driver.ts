import { FrontendMove } from "../../contracts/kinds/frontend.ts";
import type { Move } from "../../contracts/plan.ts";
import type { Tick } from "../../contracts/tick.ts";
import type { Verb } from "../../contracts/vocabulary.ts";
import { Answers } from "../answers.ts";
import { refusalText } from "../aws-call.ts";
import type { Driver } from "../component.ts";
import { Steps } from "../steps.ts";
import { confirm } from "./confirm.ts";
import { cutOver } from "./cut-over.ts";
import { type DriverServices, isTouched, type Job, type Step, WAIT_SECONDS } from "./job.ts";
import { prepare } from "./prepare.ts";
import type { ReleaseStrategy } from "./release-strategy.ts";
import { revert } from "./revert.ts";
import { strategyOf } from "./strategies/strategy-of.ts";

const nothing = (why: string) => async (job: Job) => job.answer.done(why);

const VERBS: Readonly<Record<Verb, (job: Job, strategy: ReleaseStrategy) => Promise<Tick>>> = {
  prepare,
  cutOver,
  confirm,
  revert,
  pause: nothing("A frontend writes nothing that could be paused."),
  resume: nothing("A frontend writes nothing that could be resumed."),
  discard: nothing("Nothing to discard: the frozen plan stays beside the report."),
  complete: nothing("It lacks nothing."),
  tidy: nothing("No temporary setting is left."),
};

/**
 * Moves one frontend, one tick a call. Nothing is remembered between calls but the journal, the frozen plan and AWS
 * itself. A refusal by AWS is an answer, a missing permission too; trouble that passes is an error that the workflow knows by
 * name.
 */
export function frontendDriver(services: DriverServices): Driver {
  return {
    async tick(verb: Verb, move: Move): Promise<Tick> {
      const steps = await Steps.read<Step>(services.journal, move.component, services.clock);
      const touched = () => isTouched(steps);
      const answer = new Answers(move.component, verb, { touched, waitSeconds: WAIT_SECONDS });
      const details = FrontendMove.parse(move.details);
      try {
        return await VERBS[verb](
          { ...services, move, details, steps, answer },
          strategyOf(services, details),
        );
      } catch (error) {
        const refusal = refusalText(error);
        if (refusal === undefined) throw error;
        return answer.failed("REFUSED_BY_AWS", refusal);
      }
    },
  };
}
