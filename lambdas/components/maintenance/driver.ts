import { MaintenanceMove } from "../../contracts/kinds/maintenance.ts";
import type { Tick } from "../../contracts/tick.ts";
import type { Verb } from "../../contracts/vocabulary.ts";
import { Answers } from "../answers.ts";
import { refusalText } from "../aws-call.ts";
import type { Driver } from "../component.ts";
import { Steps } from "../steps.ts";
import { confirmIsolation, isolate, undoIsolation } from "./isolation.ts";
import { OPEN } from "./isolation-version.ts";
import { type DriverServices, type Job, type Step, WAIT_SECONDS } from "./job.ts";
import { confirmPage, hidePage, showPage } from "./page.ts";

type Verbs = Readonly<Partial<Record<Verb, (job: Job) => Promise<Tick>>>>;

const PAGE: Verbs = {
  cutOver: showPage,
  confirm: confirmPage,
  resume: hidePage,
  revert: hidePage,
  tidy: hidePage,
};

/** Isolation outlives the rollback: a breach is not over because the release is gone. Only an undo lifts it. */
const ISOLATION: Verbs = {
  cutOver: (job) => isolate(job, courseOf(job)),
  confirm: (job) => confirmIsolation(job, courseOf(job)),
  revert: (job) => undoIsolation(job, courseOf(job)),
};

/** Steps after which users may notice this rollback. */
const TOUCHING: readonly Step[] = [
  "on-intended",
  "web-acl-shut-intended",
  "web-acl-lift-intended",
  "security-groups-shut-intended",
  "security-groups-lift-intended",
];

/** Shows and hides the maintenance page, or keeps attackers out, one change a tick. */
export function maintenanceDriver(services: DriverServices): Driver {
  return {
    async tick(verb, move) {
      const steps = await Steps.read<Step>(services.journal, move.component, services.clock);
      const touched = () => steps.hasAny(TOUCHING);
      const answer = new Answers(move.component, verb, { touched, waitSeconds: WAIT_SECONDS });
      const details = MaintenanceMove.parse(move.details);
      const job: Job = { ...services, move, details, steps, answer };
      const carryOut = (details.mode === "isolation" ? ISOLATION : PAGE)[verb];
      if (!carryOut) return answer.done(`Maintenance mode has nothing to do for ${verb}.`);
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

const courseOf = ({ move }: Job) => (move.to.id === OPEN ? "lift" : "shut");
