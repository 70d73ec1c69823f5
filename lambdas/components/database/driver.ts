import { DatabaseMove } from "../../contracts/kinds/database.ts";
import type { Move } from "../../contracts/plan.ts";
import type { Tick } from "../../contracts/tick.ts";
import type { Verb } from "../../contracts/vocabulary.ts";
import { Answers } from "../answers.ts";
import { refusalText } from "../aws-call.ts";
import type { Driver } from "../component.ts";
import { Steps } from "../steps.ts";
import { complete } from "./complete.ts";
import { confirm } from "./confirm.ts";
import { cutOver } from "./cut-over.ts";
import { discard } from "./discard.ts";
import { type DriverServices, isTouched, type Job, type Step, WAIT_SECONDS } from "./job.ts";
import { prepare } from "./prepare.ts";
import { revert } from "./revert.ts";
import { shapeOf } from "./shapes/shape-of.ts";
import { tidy } from "./tidy.ts";

/** A database has no writers of its own to stop: those are ECS services. */
const nothingToDo = async ({ answer }: Job): Promise<Tick> => answer.done("Nothing to do for a database.");

const VERBS: Readonly<Record<Verb, (job: Job) => Promise<Tick>>> = {
  prepare,
  pause: nothingToDo,
  cutOver,
  resume: nothingToDo,
  confirm,
  revert,
  discard,
  tidy,
  complete,
};

/**
 * Moves one database, one tick a call. Nothing is remembered between calls but the journal and AWS itself. A refusal by
 * AWS is an answer, a missing permission too; trouble that passes is an error that the workflow knows by name.
 */
export function databaseDriver(services: DriverServices): Driver {
  return {
    async tick(verb: Verb, move: Move): Promise<Tick> {
      const details = DatabaseMove.parse(move.details);
      const steps = await Steps.read<Step>(services.journal, move.component, services.clock);
      const touched = () => isTouched(steps);
      const answer = new Answers(move.component, verb, { touched, waitSeconds: WAIT_SECONDS });
      const job: Job = {
        ...services,
        move,
        details,
        steps,
        answer,
        shape: shapeOf({ ...services, details }),
      };
      try {
        return await VERBS[verb](job);
      } catch (error) {
        const refusal = refusalText(error);
        if (refusal === undefined) throw error;
        return answer.failed(verb === "prepare" ? "PREPARE_FAILED" : "REFUSED_BY_AWS", refusal);
      }
    },
  };
}
