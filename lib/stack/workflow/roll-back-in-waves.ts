import { Duration } from "aws-cdk-lib";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import * as sfn from "aws-cdk-lib/aws-stepfunctions";
import { CallAwsService } from "aws-cdk-lib/aws-stepfunctions-tasks";
import type { Construct } from "constructs";
import type { Environment } from "../../../lambdas/contracts/environment.ts";
import { announce } from "./announce.ts";
import { RETRY_AWS_CALL } from "./retries.ts";
import { forEachComponent, type Movers } from "./wave-states.ts";

interface RollBackProps {
  readonly environment: Environment;
  readonly topic: ITopic;
  readonly bucket: Bucket;
  readonly movers: Movers;
}

/** People were asked before; then what they read now must say that it was approved, and by whom. */
const ASKED = "$planned.decision.action = 'ask'";

/**
 * The rollback itself: wave by wave, and what went back is reverted when the environment wants that after a failure.
 * Telling people and keeping evidence run beside the work: they can fail without anybody waiting for them.
 */
export function rollBackInWaves(scope: Construct, props: RollBackProps): sfn.Parallel {
  const state = sfn.Parallel.jsonata(scope, "Roll back", {
    outputs: "{% $states.result[1] %}",
    assign: { cutOverAt: "{% $states.result[1].cutOverAt %}" },
  });
  const start = announce(scope, "Announce start", {
    topic: props.topic,
    environment: props.environment.name,
    phase: "start",
    subject: `{% ${ASKED} ? 'Rolling back: ' & $planned.rollbackId & ' was approved' : $planned.announcement.subject %}`,
    message: `{% (${ASKED} ? 'It was ' & $why & '. ' : '') & $planned.announcement.message %}`,
  });
  const evidence = captureEvidence(scope, props);
  const skipped = sfn.Pass.jsonata(scope, "Go on without it", {});
  start.addCatch(evidence, { errors: ["States.ALL"], outputs: "{% $states.input %}" });
  evidence.addCatch(skipped, { errors: ["States.ALL"], outputs: "{% $states.input %}" });
  state.branch(start.next(evidence), cutOverWaveByWave(scope, props.movers));
  return state;
}

function captureEvidence(scope: Construct, { bucket, environment }: RollBackProps) {
  const state = CallAwsService.jsonata(scope, "Capture evidence", {
    service: "s3",
    action: "putObject",
    parameters: {
      Bucket: bucket.bucketName,
      Key: `{% '${environment.name}/' & $planned.rollbackId & '/plan.json' %}`,
      Body: "{% $planned %}",
      ContentType: "application/json",
    },
    iamAction: "s3:PutObject",
    iamResources: [bucket.arnForObjects(`${environment.name}/*`)],
    taskTimeout: sfn.Timeout.duration(Duration.seconds(30)),
    outputs: {},
  });
  state.addRetry(RETRY_AWS_CALL);
  return state;
}

function cutOverWaveByWave(scope: Construct, movers: Movers) {
  const cutOver = forEachComponent(scope, {
    movers,
    ids: {
      map: "Cut over wave",
      move: "Move component",
      settled: "Component settled?",
      wait: "Wait for component",
      failed: "Component failed",
      done: "Component settled",
    },
    items: actionsOf("$planned.plan.waves[$states.input.wave].actions"),
    outputs: {
      wave: "{% $states.input.wave + 1 %}",
      results: "{% $append($states.input.results, $states.result[$exists(status)]) %}",
      failed: "{% $states.input.failed + $count($states.result[status = 'failed']) %}",
      wayOut: [],
    },
  });
  // The moment is taken here: the other branch, which tells people, may still be busy.
  const finished = sfn.Pass.jsonata(scope, "Waves finished", {
    outputs: "{% $merge([$states.input, { 'cutOverAt': $now() }]) %}",
  });
  const wayOut = goTheWayOut(scope, movers, finished);
  cutOver.next(
    sfn.Choice.jsonata(scope, "Another wave?", {})
      .when(is("$states.input.failed > 0 and $planned.onFailure != 'continue'"), wayOut)
      .when(is("$states.input.wave < $count($planned.plan.waves)"), cutOver)
      .when(is("$states.input.failed > 0"), wayOut)
      .otherwise(finished),
  );
  return cutOver;
}

/**
 * After a failure: back to where everything was, when the environment wants that; and always, writers run, temporary
 * settings are as they were, copies that nobody uses are gone. A page that does not go off takes nothing back: what it was
 * shown for is done by then.
 */
function goTheWayOut(scope: Construct, movers: Movers, finished: sfn.IChainable): sfn.IChainable {
  const begun = (waves: string) => `${waves}[after <= $begun]`;
  const choose = sfn.Pass.jsonata(scope, "Choose the way out", {
    outputs: oneLine(`{% (
      $begun := $states.input.wave;
      $moving := $states.input.results[status = 'failed' and verb != 'tidy'];
      $back := $planned.onFailure = 'revert' and $exists($moving) ? ${begun("$planned.plan.back")} : [];
      $merge([$states.input, { 'ways': [$append($back, ${begun("$planned.plan.closing")})] }])
    ) %}`),
  });
  const wayOut = forEachComponent(scope, {
    movers,
    ids: {
      map: "Go the way out",
      move: "Move component out",
      settled: "Component out?",
      wait: "Wait for component out",
      failed: "Way out failed",
      done: "Component out",
    },
    items: actionsOf("$states.input.ways[0].actions"),
    outputs:
      "{% $merge([$states.input, { 'ways': [$filter($states.input.ways, function($w, $i) { $i > 0 })], 'wayOut': $append($states.input.wayOut, $states.result) }]) %}",
  });
  const more = sfn.Choice.jsonata(scope, "More on the way out?", {})
    .when(is("$count($states.input.ways) > 0"), wayOut)
    .otherwise(
      sfn.Pass.jsonata(scope, "Way out finished", {
        outputs: "{% $sift($states.input, function($v, $k) { $k != 'ways' }) %}",
      }).next(finished),
    );
  wayOut.next(more);
  return choose.next(more);
}

const is = (expression: string) => sfn.Condition.jsonata(`{% ${expression} %}`);

/**
 * Actions with their moves. Left out is what needs a component that failed, and what must wait for a person to finish a
 * change that stands half way.
 */
const actionsOf = (actions: string) =>
  oneLine(`{% (
  $ticks := $append($states.input.results, $states.input.wayOut);
  $failed := $ticks[status = 'failed'].component;
  $halfWay := $ticks[code = 'HALF_WAY'].component;
  $wanted := ${actions};
  $possible := $exists($wanted) ? $filter($wanted, function($a) {
    $count($a.needs[$ in $failed]) = 0 and $count($a.unlessHalfWay[$ in $halfWay]) = 0
  }) : $error('The plan has no such wave');
  [$map($possible, function($a) {
    { 'move': $planned.plan.moves[component = $a.component], 'verbs': $a.verbs, 'once': $a.startOnly }
  })]
) %}`);

/** Validators of definitions want an expression on one line. */
const oneLine = (expression: string) => expression.replace(/\s*\n\s*/g, " ");
