import { EcsMove } from "../../contracts/kinds/ecs-service.ts";
import type { Move } from "../../contracts/plan.ts";
import type { Tick } from "../../contracts/tick.ts";
import type { Verb } from "../../contracts/vocabulary.ts";
import { Answers } from "../answers.ts";
import type { Driver } from "../component.ts";
import { Steps } from "../steps.ts";
import { refusalOf } from "./aws-call.ts";
import { confirm } from "./confirm.ts";
import { cutOver } from "./cut-over.ts";
import { discard } from "./discard.ts";
import { type DriverServices, type Job, type Step, TOUCHING, WAIT_SECONDS } from "./job.ts";
import { pause } from "./pausing/pause.ts";
import { resume } from "./pausing/resume.ts";
import { withStoppedTasks } from "./pausing/stopped-tasks.ts";
import { prepare } from "./prepare.ts";
import { revert } from "./revert.ts";
import { withSchedules } from "./schedules/schedule-notes.ts";
import { tidy } from "./tidy.ts";

const VERBS: Readonly<Record<Verb, (job: Job) => Promise<Tick>>> = {
  prepare,
  pause,
  cutOver,
  resume,
  confirm,
  revert,
  discard,
  complete: async ({ answer }) => answer.done("It lacks nothing."),
  tidy,
};

/**
 * Moves one ECS service, one tick a call. Nothing is remembered between calls but the journal and AWS itself. A refusal
 * by AWS is an answer, a missing permission too; trouble that passes is an error that the workflow knows by name.
 */
export function ecsServiceDriver(services: DriverServices): Driver {
  return {
    async tick(verb: Verb, move: Move): Promise<Tick> {
      const steps = await Steps.read<Step>(services.journal, move.component, services.clock);
      const touched = () => steps.hasAny(TOUCHING);
      const answer = new Answers(move.component, verb, { touched, waitSeconds: WAIT_SECONDS });
      const job: Job = { ...services, move, details: EcsMove.parse(move.details), steps, answer };
      try {
        return withSchedules(job, verb, withStoppedTasks(job, verb, await VERBS[verb](job)));
      } catch (error) {
        const refusal = refusalOf(error);
        if (!refusal) throw error;
        return answer.failed(refusal.code, refusal.note);
      }
    },
  };
}
