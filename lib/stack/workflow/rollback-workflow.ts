import { Duration } from "aws-cdk-lib";
import type { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import * as sfn from "aws-cdk-lib/aws-stepfunctions";
import type { SnsPublish } from "aws-cdk-lib/aws-stepfunctions-tasks";
import type { Construct } from "constructs";
import type { Environment } from "../../../lambdas/contracts/environment.ts";
import type { Phase } from "../../../lambdas/contracts/vocabulary.ts";
import { announce } from "./announce.ts";
import { ANSWERS, askForApproval } from "./ask-for-approval.ts";
import { failureSentence } from "./failure-sentence.ts";
import { InvokeFunction } from "./invoke-function.ts";
import { giveWayToPeople, releaseRollbackLock, takeRollbackLock } from "./ledger-lock.ts";
import { rollBackInWaves } from "./roll-back-in-waves.ts";
import type { Movers } from "./wave-states.ts";
import { whenLockIsHeld } from "./when-lock-is-held.ts";

export interface RollbackWorkflowProps {
  readonly environment: Environment;
  readonly table: TableV2;
  readonly topic: ITopic;
  readonly bucket: Bucket;
  readonly movers: Movers;
  readonly steps: Readonly<
    Record<"planRollback" | "requestApproval" | "verifyRecovery" | "writeReport", IFunction>
  >;
}

/** Inputs above this are refused with a sentence instead of travelling on (docs/facts/performance-reliability.md C1: ≤ 32 KB). */
const LARGEST_REQUEST = 32_768;

/**
 * The rollback, state by state, as docs/runbook.md tells it. Every method declares one thing that happens; `chain`
 * says in which order.
 */
export class RollbackWorkflow {
  readonly #scope: Construct;
  readonly #props: RollbackWorkflowProps;

  constructor(scope: Construct, props: RollbackWorkflowProps) {
    this.#scope = scope;
    this.#props = props;
  }

  chain(): sfn.IChainable {
    const ended = this.#endedWithoutRollback();
    const lock = takeRollbackLock(this.#scope, this.#lockProps);
    const failed = this.#announceThen(this.#announceFailure(), this.#rollbackFailed());
    const plan = this.#planRollback();
    const { withCopies, ask } = askForApproval(this.#scope, {
      ...this.#props,
      requestApproval: this.#props.steps.requestApproval,
    });
    const rollBack = rollBackInWaves(this.#scope, this.#props);
    const report = this.#writeReport();
    const verify = this.#verifyRecovery(report);
    const giveWay = giveWayToPeople(this.#scope, this.#lockProps);
    giveWay.next(verify);
    giveWay.addCatch(verify, { errors: ["States.ALL"], outputs: "{% $states.input %}" });
    const rejected = this.#announceThen(this.#announceRejection(), this.#rollbackRejected());

    plan.next(
      sfn.Choice.jsonata(this.#scope, "What was decided?", {})
        .when(is("$planned.decision.action = 'roll-back'"), lock)
        .when(is("$planned.decision.action = 'ask' and $count($planned.ahead) > 0"), withCopies)
        .when(is("$planned.decision.action = 'ask'"), ask)
        .otherwise(this.#announceThen(this.#announceDecision(), ended)),
    );
    lock.next(rollBack);
    rollBack.next(
      sfn.Choice.jsonata(this.#scope, "Did everything go back?", {})
        .when(is("$states.input.failed = 0 and $planned.mode != 'rehearse'"), giveWay)
        .otherwise(report),
    );
    const release = releaseRollbackLock(this.#scope, this.#lockProps);
    const howEnded = this.#howDidItEnd();
    release.next(howEnded);
    const isAllBack = this.#isAllPutBack(release, howEnded);
    report.next(this.#announceThen(this.#announceOutcome(), isAllBack));

    plan.addCatch(failed, caught);
    ask.addCatch(lock, { errors: [ANSWERS.yes], outputs: {}, assign: { why: THEIR_WORDS } });
    ask.addCatch(rejected, { errors: [ANSWERS.no], outputs: {}, assign: { why: THEIR_WORDS } });
    ask.addCatch(failed, caught);
    whenLockIsHeld(this.#scope, { ...this.#audience, takeLock: lock, rejected });
    lock.addCatch(failed, caught);
    rollBack.addCatch(report, {
      errors: ["States.ALL"],
      outputs: NOTHING_MOVED,
      assign: { cutOverAt: "{% $now() %}", unanswered: 1 },
    });
    verify.addCatch(report, { errors: ["States.ALL"], outputs: "{% $states.input %}" });
    report.addCatch(this.#announceWithoutReport(howEnded), caught);
    release.addCatch(howEnded, { errors: ["States.ALL"], outputs: "{% $states.input %}" });
    return plan;
  }

  #planRollback() {
    const size = "$length($string($states.input))";
    return new InvokeFunction(this.#scope, "Plan rollback", {
      target: this.#props.steps.planRollback,
      payload: {
        request: `{% ${size} > ${LARGEST_REQUEST} ? 'an input of ' & ${size} & ' characters' : $states.input %}`,
        environment: this.#props.environment,
        execution: {
          id: "{% $states.context.Execution.Id %}",
          name: "{% $states.context.Execution.Name %}",
          startedAt: "{% $states.context.Execution.StartTime %}",
        },
      },
      timeout: Duration.minutes(1),
      patiently: true,
      assign: {
        planned: "{% $states.result.Payload %}",
        ...{ why: "nobody was asked", looks: 0, ahead: [], fence: 0 },
      },
      outputs: {},
    });
  }

  #announceDecision() {
    const outcome = "{% $planned.decision.outcome %}";
    return this.#announce("Announce decision", "decision", "$planned.announcement", outcome);
  }

  /** Refusals and rejections end as failed executions: nobody shall mistake them for a rollback that happened. */
  #endedWithoutRollback() {
    return sfn.Choice.jsonata(this.#scope, "Why did nothing happen?", {})
      .when(
        is("$planned.decision.outcome = 'Refused'"),
        this.#fail("Request refused", "Refused", "$planned.decision.sentence"),
      )
      .when(
        is("$planned.decision.outcome = 'Rejected'"),
        this.#fail("Nobody may approve", "Rejected", "$planned.decision.sentence"),
      )
      .otherwise(
        sfn.Succeed.jsonata(this.#scope, "Nothing was done", {
          outputs: {
            outcome: "{% $planned.decision.outcome %}",
            sentence: "{% $planned.decision.sentence %}",
            rollbackId: "{% $planned.rollbackId %}",
            plan: "{% $planned.plan %}",
          },
        }),
      );
  }

  #announceRejection() {
    return announce(this.#scope, "Announce rejection", {
      ...this.#audience,
      phase: "outcome",
      outcome: "Rejected",
      subject: "{% 'Rejected: ' & $planned.rollbackId %}",
      message: `{% 'Nothing was changed: ' & $why & '. ' & ${COPIES_GO} & $planned.decision.sentence %}`,
    });
  }

  #rollbackRejected() {
    return this.#fail("Rollback rejected", "Rejected", "'Nothing was changed: ' & $why & '.'");
  }

  #verifyRecovery(report: sfn.IChainable) {
    const state = new InvokeFunction(this.#scope, "Verify recovery", {
      target: this.#props.steps.verifyRecovery,
      payload: {
        rollbackId: "{% $planned.rollbackId %}",
        alarms: "{% $planned.alarms %}",
        verifyMinutes: "{% $planned.verifyMinutes %}",
        cutOverAt: "{% $cutOverAt %}",
      },
      timeout: Duration.minutes(5),
      outputs: "{% $merge([$states.input, { 'verification': $states.result.Payload }]) %}",
    });
    state.next(
      sfn.Choice.jsonata(this.#scope, "Recovered yet?", {})
        .when(is("$states.input.verification.status = 'waiting'"), state)
        .otherwise(report),
    );
    return state;
  }

  #writeReport() {
    return new InvokeFunction(this.#scope, "Write report", {
      target: this.#props.steps.writeReport,
      payload: {
        planned: "{% $planned %}",
        results: "{% $states.input.results %}",
        wayOut: "{% $states.input.wayOut %}",
        verification: "{% $exists($states.input.verification) ? $states.input.verification : null %}",
        execution: {
          id: "{% $states.context.Execution.Id %}",
          startedAt: "{% $states.context.Execution.StartTime %}",
        },
        cutOverAt: "{% $cutOverAt %}",
      },
      timeout: Duration.minutes(1),
      patiently: true,
      assign: { report: "{% $states.result.Payload %}" },
    });
  }

  #announceOutcome() {
    return this.#announce("Announce outcome", "outcome", "$report.announcement", "{% $report.outcome %}");
  }

  /**
   * The report could not be written, so its outcome is unknown here: people are told exactly that. The clean-up writes the
   * record, without which nobody could undo it, and gives the lock back.
   */
  #announceWithoutReport(next: sfn.IChainable) {
    const state = announce(this.#scope, "Announce without report", {
      ...this.#audience,
      phase: "outcome",
      outcome: "Failed",
      subject: "{% 'Look now: ' & $planned.rollbackId & ' ended without a report' %}",
      message: `{% 'The rollback ran, but its report could not be written: ' & ${failureSentence("$failure")} %}`,
    });
    const outputs = {
      outcome: "Failed",
      sentence: "The rollback ran, but its report could not be written.",
      report: "none",
    };
    const named = sfn.Pass.jsonata(this.#scope, "End without report", { assign: { report: outputs } });
    named.next(next);
    return this.#announceThen(state, named);
  }

  /** The clean-up takes over the lock of an execution that could not reach everything, and goes on. */
  #isAllPutBack(release: sfn.IChainable, howEnded: sfn.IChainable) {
    return sfn.Choice.jsonata(this.#scope, "Is all put back?", {})
      .when(is("$unanswered = 0"), release)
      .otherwise(howEnded);
  }

  #howDidItEnd() {
    return sfn.Choice.jsonata(this.#scope, "How did it end?", {})
      .when(
        is("$report.outcome in ['Recovered', 'Rehearsed']"),
        sfn.Succeed.jsonata(this.#scope, "Recovered", {
          outputs: {
            outcome: "{% $report.outcome %}",
            sentence: "{% $report.sentence %}",
            rollbackId: "{% $planned.rollbackId %}",
            durations: "{% $report.durations %}",
            report: "{% $report.report %}",
          },
        }),
      )
      .otherwise(
        sfn.Fail.jsonata(this.#scope, "Not recovered", {
          error: "{% $report.outcome %}",
          cause: "{% $report.sentence & ' Report: ' & $report.report %}",
        }),
      );
  }

  #announceFailure() {
    return announce(this.#scope, "Announce failure", {
      ...this.#audience,
      phase: "failure",
      subject: `Look now: a rollback of ${this.#props.environment.name} could not start`,
      message: `{% 'Nothing was changed. ' & ${failureSentence("$failure")} %}`,
    });
  }

  #rollbackFailed() {
    return this.#fail(
      "Rollback failed",
      "Failed",
      `'Nothing was changed. ' & ${failureSentence("$failure")}`,
    );
  }

  #announce(id: string, phase: Phase, announcement: string, outcome?: string) {
    return announce(this.#scope, id, {
      ...this.#audience,
      phase,
      subject: `{% ${announcement}.subject %}`,
      message: `{% ${announcement}.message %}`,
      ...(outcome ? { outcome } : {}),
    });
  }

  /** Telling people never stands in the way of what comes next. */
  #announceThen(state: SnsPublish, next: sfn.IChainable) {
    state.addCatch(next, { errors: ["States.ALL"], outputs: "{% $states.input %}" });
    return state.next(next);
  }

  #fail(id: string, error: string, cause: string) {
    return sfn.Fail.jsonata(this.#scope, id, { error, cause: `{% ${cause} %}` });
  }

  get #audience() {
    return { topic: this.#props.topic, environment: this.#props.environment.name };
  }

  get #lockProps() {
    return { table: this.#props.table, environment: this.#props.environment.name };
  }
}

const is = (expression: string) => sfn.Condition.jsonata(`{% ${expression} %}`);

/** Keeps the error for the message and goes on with the state's own input. */
const caught = {
  errors: ["States.ALL"],
  outputs: "{% $states.input %}",
  assign: { failure: "{% $states.errorOutput %}" },
};

/** Who answered what. */
const THEIR_WORDS = "{% $exists($states.errorOutput.Cause) ? $states.errorOutput.Cause : 'answered' %}";

const COPIES_GO =
  "($count($ahead) > 0 ? 'The copies that were begun meanwhile are removed by themselves. ' : '')";

const NOTHING_MOVED = { wave: 0, failed: 1, results: [], wayOut: [] };
