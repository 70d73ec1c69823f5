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
    items: "{% $planned.plan.waves[$states.input.wave].moves %}",
    payload: {},
    outputs: {
      wave: "{% $states.input.wave + 1 %}",
      results: "{% $append($states.input.results, $states.result) %}",
      failed: "{% $states.input.failed + $count($states.result[status = 'failed']) %}",
      reverted: [],
    },
  });
  // The moment is taken here: the other branch, which tells people, may still be busy.
  const finished = sfn.Pass.jsonata(scope, "Waves finished", {
    outputs: "{% $merge([$states.input, { 'cutOverAt': $now() }]) %}",
  });
  const is = (expression: string) => sfn.Condition.jsonata(`{% ${expression} %}`);
  cutOver.next(
    sfn.Choice.jsonata(scope, "Another wave?", {})
      .when(
        is("$states.input.failed > 0 and $planned.onFailure = 'revert'"),
        revertWhatMoved(scope, movers).next(finished),
      )
      .when(is("$states.input.failed > 0 and $planned.onFailure = 'stop'"), finished)
      .when(is("$states.input.wave < $count($planned.plan.waves)"), cutOver)
      .otherwise(finished),
  );
  return cutOver;
}

function revertWhatMoved(scope: Construct, movers: Movers) {
  return forEachComponent(scope, {
    movers,
    ids: {
      map: "Revert what moved",
      move: "Revert component",
      settled: "Revert settled?",
      wait: "Wait for revert",
      failed: "Revert failed",
      done: "Revert settled",
    },
    items: "{% [$planned.plan.waves[[0..$states.input.wave - 1]].moves] %}",
    payload: { verbs: ["revert"] },
    outputs: "{% $merge([$states.input, { 'reverted': $states.result }]) %}",
  });
}
