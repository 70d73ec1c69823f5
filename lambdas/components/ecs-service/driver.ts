import { EcsMove } from "../../contracts/ecs-move.ts";
import type { Move } from "../../contracts/plan.ts";
import type { Tick } from "../../contracts/tick.ts";
import type { Verb } from "../../contracts/vocabulary.ts";
import type { Driver } from "../component.ts";
import { refusalOf } from "./aws-call.ts";
import { confirm } from "./confirm.ts";
import { cutOver } from "./cut-over.ts";
import { Answers, type DriverServices, type Job, Steps } from "./job.ts";
import { prepare } from "./prepare.ts";
import { revert } from "./revert.ts";
import { tidy } from "./tidy.ts";

const VERBS: Readonly<Record<Verb, (job: Job) => Promise<Tick>>> = {
  prepare,
  cutOver,
  confirm,
  revert,
  tidy,
};

/**
 * Moves one ECS service, one tick a call. Nothing is remembered between calls but the journal and AWS itself. A refusal
 * by ECS is an answer; trouble that passes and missing permissions are errors that the workflow knows by name.
 */
export function ecsServiceDriver(services: DriverServices): Driver {
  return {
    async tick(verb: Verb, move: Move): Promise<Tick> {
      const steps = await Steps.read(services.journal, move.component, services.clock);
      const answer = new Answers(move.component, verb, steps);
      const job: Job = { ...services, move, details: EcsMove.parse(move.details), steps, answer };
      try {
        return await VERBS[verb](job);
      } catch (error) {
        const refusal = refusalOf(error);
        if (!refusal) throw error;
        return answer.failed(refusal.code, refusal.note);
      }
    },
  };
}
