import { TaskMove } from "../../contracts/kinds/task.ts";
import type { Tick } from "../../contracts/tick.ts";
import type { Verb } from "../../contracts/vocabulary.ts";
import { Answers } from "../answers.ts";
import type { Driver } from "../component.ts";
import { Steps } from "../steps.ts";
import { cutOver } from "./cut-over.ts";
import type { DriverServices, Job, Step } from "./job.ts";
import { revert } from "./revert.ts";
import { endIn } from "./task-end.ts";
import { tidy } from "./tidy.ts";

const VERBS: Readonly<Partial<Record<Verb, (job: Job) => Promise<Tick>>>> = { cutOver, revert, tidy };

/** Runs one ECS task as a part of a rollback, one tick a call: the command, or what reverses it. */
export function taskDriver(services: DriverServices): Driver {
  return {
    async tick(verb, move) {
      const steps = await Steps.read<Step>(services.journal, move.component, services.clock);
      const touched = () => move.tier === "data" && mayHaveRun(steps);
      const answer = new Answers(move.component, verb, { touched, waitSeconds: WAIT_SECONDS });
      const job: Job = { ...services, move, details: TaskMove.parse(move.details), steps, answer };
      return VERBS[verb]?.(job) ?? answer.done(`A task has nothing to do for ${verb}.`);
    },
  };
}

const WAIT_SECONDS = 5;

/** Whether this rollback may have changed something by it; a task that ECS refused, or that never began, did not. */
function mayHaveRun(steps: Steps<Step>): boolean {
  const end = endIn({ steps, name: "forward" });
  if (end) return end.ran;
  return steps.has("forward-task-intended") && steps.number("forward-task-intended", "refused") !== 1;
}
