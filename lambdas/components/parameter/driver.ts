import { ParameterMove } from "../../contracts/kinds/parameter.ts";
import type { Move } from "../../contracts/plan.ts";
import type { Tick } from "../../contracts/tick.ts";
import type { Verb } from "../../contracts/vocabulary.ts";
import { Answers } from "../answers.ts";
import { isNamed, refusalText } from "../aws-call.ts";
import type { Driver } from "../component.ts";
import { Steps } from "../steps.ts";
import { appConfigStore } from "./appconfig/store.ts";
import { confirm } from "./confirm.ts";
import { type DriverServices, isTouched, type Job, type Step, type Store, WAIT_SECONDS } from "./job.ts";
import { prepare } from "./prepare.ts";
import { labelStore } from "./ssm/label-store.ts";
import { valueStore } from "./ssm/value-store.ts";

const STORES: Readonly<Record<ParameterMove["source"]["store"], Store>> = {
  "ssm-label": labelStore,
  "ssm-value": valueStore,
  appconfig: appConfigStore,
};

const nothing = async ({ answer }: Job) => answer.done("Configuration needs nothing here.");

const VERBS: Readonly<Record<Verb, (job: Job, store: Store) => Promise<Tick>>> = {
  prepare,
  pause: nothing,
  cutOver: async (job, store) => {
    if (job.steps.has("cut-over-done")) return job.answer.done(`${job.move.to.label} is live.`);
    const tick = await store.cutOver(job);
    if (tick.status === "done") await job.steps.once("cut-over-done");
    return tick;
  },
  resume: nothing,
  confirm,
  revert: async (job, store) => {
    if (!isTouched(job)) {
      return job.answer.done(
        job.steps.has("reverted") ? `${job.move.from.label} is live again.` : "It was not touched.",
      );
    }
    const tick = await store.revert(job);
    if (tick.status === "done") await job.steps.once("reverted");
    return tick;
  },
  discard: nothing,
  complete: nothing,
  tidy: async ({ answer }) => answer.done("Nothing to tidy: what went live stays."),
};

/**
 * Moves configuration in one of three stores, one tick a call. Values pass through the memory of one invocation at most.
 * A refusal by AWS is an answer, a missing permission too; trouble that passes is an error that the workflow knows by name.
 */
export function parameterDriver(services: DriverServices): Driver {
  return {
    async tick(verb: Verb, move: Move): Promise<Tick> {
      const steps = await Steps.read<Step>(services.journal, move.component, services.clock);
      const details = ParameterMove.parse(move.details);
      const touched = () => isTouched({ details, steps });
      const answer = new Answers(move.component, verb, { touched, waitSeconds: WAIT_SECONDS });
      const job: Job = { ...services, move, details, steps, answer };
      try {
        return await VERBS[verb](job, STORES[details.source.store]);
      } catch (error) {
        const refusal = refusalText(error);
        if (refusal === undefined) throw error;
        return answer.failed(isNamed(error, ...GONE) ? "TARGET_GONE" : "REFUSED_BY_AWS", refusal);
      }
    },
  };
}

const GONE = ["ParameterNotFound", "ParameterVersionNotFound", "ResourceNotFoundException"];
