import { Duration } from "aws-cdk-lib";
import type { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import * as sfn from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import type { Environment } from "../../../lambdas/contracts/environment.ts";
import { ASKING_LOCK } from "../../../lambdas/contracts/lock.ts";
import { announce } from "./announce.ts";
import { InvokeFunction } from "./invoke-function.ts";
import { keepPlan } from "./keep-plan.ts";
import { takeLock } from "./ledger-lock.ts";
import { oneLine } from "./one-line.ts";
import { RETRY_AWS_CALL } from "./retries.ts";
import { forEachComponent, type Movers } from "./wave-states.ts";

interface AskProps {
  readonly environment: Environment;
  readonly table: TableV2;
  readonly topic: ITopic;
  readonly bucket: Bucket;
  readonly movers: Movers;
  readonly requestApproval: IFunction;
}

interface Asking {
  /** Makes ready for copies; where that is not possible, people are asked without them. */
  readonly withCopies: sfn.IChainable;
  /** Ends as one of the answers, an error whose cause says in words who gave it. */
  readonly ask: sfn.Parallel;
}

/**
 * People are asked, and where the environment wants it copies of the data are made meanwhile, under a lock of their own:
 * they change nothing that anybody meets (docs/adr/0014). The answer ends both branches at once: it is thrown, because a
 * Parallel state waits for all of its branches otherwise, and stops them when one fails (Step Functions developer guide,
 * "Parallel workflow state").
 */
export function askForApproval(scope: Construct, props: AskProps): Asking {
  const ask = sfn.Parallel.jsonata(scope, "Wait for the answer", {});
  ask.branch(askPeople(scope, props), prepareMeanwhile(scope, props));
  const keep = keepPlan(scope, "Keep the plan", props);
  const lock = takeLock(scope, {
    ...{ table: props.table, environment: props.environment.name },
    ...{ id: "Take lock of copies", lock: `'${ASKING_LOCK}'` },
    leaseSeconds: String(leaseSeconds(props.environment)),
    outputs: {},
    assign: { ahead: "{% $planned.ahead %}" },
    // People are not kept waiting for a question.
    retry: RETRY_AWS_CALL,
  });
  for (const state of [keep, lock]) state.addCatch(ask, { errors: ["States.ALL"], outputs: {} });
  return { withCopies: keep.next(lock).next(ask), ask };
}

/**
 * The names under which answers are thrown; nobody in time is a no. That a Parallel state's Catch sees the error's name as it
 * was thrown in a branch has been shown on AWS (v-studios/stepfunctions-parallel-error); that it sees the cause too is
 * unverified, and only words depend on it.
 */
export const ANSWERS = { yes: "Approved", no: "Rejected" } as const;

/** Asking, waiting for another rollback, and as long again as a function may still be at work. */
const leaseSeconds = ({ policy }: Environment) => 60 * (policy.approvalExpiresMinutes + 60);

function askPeople(scope: Construct, { environment, requestApproval }: AskProps) {
  const ask = new InvokeFunction(scope, "Ask for approval", {
    target: requestApproval,
    waitForTaskToken: true,
    payload: {
      planned: "{% $planned %}",
      ahead: "{% $ahead %}",
      taskToken: "{% $states.context.Task.Token %}",
    },
    timeout: Duration.minutes(environment.policy.approvalExpiresMinutes),
    outputs: "{% $states.result %}",
  });
  const answered = sfn.Fail.jsonata(scope, "Answered", {
    error: `{% $states.input.answer = 'approve' ? '${ANSWERS.yes}' : '${ANSWERS.no}' %}`,
    cause: oneLine(`{% $exists($states.input.by)
      ? ($states.input.answer = 'approve' ? 'approved by ' : 'rejected by ') & $states.input.by
      : 'nobody answered in time' %}`),
  });
  ask.addCatch(answered, { errors: ["States.Timeout"], outputs: {} });
  return ask.next(answered);
}

/** Until the answer comes, or everything is ready. People hear how it went: it may change their answer. */
function prepareMeanwhile(scope: Construct, { movers, topic, environment }: AskProps) {
  const prepare = forEachComponent(scope, {
    movers,
    lock: `'${ASKING_LOCK}'`,
    ids: {
      map: "Prepare meanwhile",
      move: "Prepare component",
      settled: "Component prepared?",
      wait: "Wait for preparation",
      failed: "Preparation failed",
      done: "Component prepared",
    },
    items: oneLine(`{% [$map($ahead, function($name) {
      { 'move': $planned.plan.moves[component = $name], 'verbs': ['prepare'], 'once': false }
    })] %}`),
    patiently: true,
    outputs: "{% $states.result %}",
  });
  const failed = "$count($states.input[status = 'failed']) > 0";
  const told = announce(scope, "Announce copies", {
    ...{ topic, environment: environment.name, phase: "approval" },
    subject: `{% (${failed} ? 'No copy: ' : 'Ready: ') & $planned.rollbackId & ' waits for an answer' %}`,
    message: oneLine(`{% $join($append($states.input.('- ' & component & ': ' & note), ${failed}
      ? 'Approved now, it will most likely fail in the same way: see what is wrong first.'
      : 'Approved now, the rollback goes on from there.'), '\\n') %}`),
  });
  const end = sfn.Pass.jsonata(scope, "Nothing more to prepare", { outputs: {} });
  told.addCatch(end, { errors: ["States.ALL"], outputs: {} });
  told.next(end);
  return prepare.next(
    sfn.Choice.jsonata(scope, "Was anything prepared?", {})
      .when(sfn.Condition.jsonata("{% $count($states.input) > 0 %}"), told)
      .otherwise(end),
  );
}
