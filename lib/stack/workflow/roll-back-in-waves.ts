import type { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import * as sfn from "aws-cdk-lib/aws-stepfunctions";
import type { SnsPublish } from "aws-cdk-lib/aws-stepfunctions-tasks";
import type { Construct } from "constructs";
import type { Environment } from "../../../lambdas/contracts/environment.ts";
import { ASKING_LOCK } from "../../../lambdas/contracts/lock.ts";
import { announce } from "./announce.ts";
import { keepPlan } from "./keep-plan.ts";
import { releaseLock } from "./ledger-lock.ts";
import { oneLine } from "./one-line.ts";
import { forEachComponent, type Movers } from "./wave-states.ts";

interface RollBackProps {
  readonly environment: Environment;
  readonly table: TableV2;
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
    assign: {
      cutOverAt: "{% $states.result[1].cutOverAt %}",
      unanswered: `{% $count(${unanswered("$states.result[1].wayOut")}) %}`,
    },
  });
  const start = announce(scope, "Announce start", {
    topic: props.topic,
    environment: props.environment.name,
    phase: "start",
    subject: `{% ${ASKED} ? 'Rolling back: ' & $planned.rollbackId & ' was approved' : $planned.announcement.subject %}`,
    message: `{% (${ASKED} ? 'It was ' & $why & '. ' : '') & $planned.announcement.message %}`,
  });
  const evidence = keepPlan(scope, "Capture evidence", props);
  const skipped = sfn.Pass.jsonata(scope, "Go on without it", {});
  start.addCatch(evidence, { errors: ["States.ALL"], outputs: "{% $states.input %}" });
  evidence.addCatch(skipped, { errors: ["States.ALL"], outputs: "{% $states.input %}" });
  start.next(evidence);
  state.branch(handCopiesOver(scope, props, start), cutOverWaveByWave(scope, props.movers));
  return state;
}

/** What was made while people were asked belongs to the rollback that they approved, which holds its own lock by now. */
function handCopiesOver(scope: Construct, { table, environment }: RollBackProps, start: SnsPublish) {
  const release = releaseLock(scope, {
    ...{ table, environment: environment.name },
    ...{ id: "Release lock of copies", lock: `'${ASKING_LOCK}'` },
  });
  release.addCatch(start, { errors: ["States.ALL"], outputs: "{% $states.input %}" });
  release.next(start);
  return sfn.Choice.jsonata(scope, "Were copies begun?", {})
    .when(is("$count($ahead) > 0"), release)
    .otherwise(start);
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
    patiently: true,
    outputs: {
      wave: "{% $states.input.wave + 1 %}",
      results: oneLine(`{% (
        ${JUDGING}
        $given := $planned.plan.waves[$states.input.wave].actions[$not(startOnly)];
        $append($append($states.input.results, $states.result[$exists(status)]), $map($given, $leftOut))
      ) %}`),
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
    outputs: oneLine(`{% (
      ${JUDGING}
      $done := $append($states.input.wayOut, $states.result);
      $needing := $states.input.ways[0].actions[$count(needs) > 0];
      $merge([$states.input, {
        'ways': [$filter($states.input.ways, function($w, $i) { $i > 0 })],
        'wayOut': $append($done, $map($needing, $leftOut))
      }])
    ) %}`),
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
 * Components whose function never answered on the way out, whatever was tried: AWS was busy, say. How far they came nobody
 * knows; the clean-up asks again (docs/adr/0007). Codes of the components' own are written in capitals.
 */
function unanswered(wayOut: string): string {
  return `${wayOut}[status = 'failed' and code != $uppercase(code)].component`;
}

/**
 * Judges actions by what has become of others so far, on the way out by what has become of them there. `$missing` names
 * what an action needs and has lost, or what stands half way and waits for a person; `$idle` says that nobody whom it helps
 * can go on; `$leftOut` is the record of it, for the table of who is where: of a component that failed itself there is
 * nothing more to say.
 */
const JUDGING = `
  $ticks := $append($states.input.results, $states.input.wayOut);
  $here := $exists($states.input.ways) ? $states.input.wayOut : $states.input.results;
  $failed := $here[status in ['failed', 'left-out']].component;
  $halfWay := $append($ticks[code = 'HALF_WAY'].component, ${unanswered("$states.input.wayOut")});
  $missing := function($a) { $distinct($append($a.needs[$ in $failed], $a.unlessHalfWay[$ in $halfWay])) };
  $idle := function($a) { $count($a.serves) > 0 and $count($a.serves[$count(needs[$ in $failed]) = 0]) = 0 };
  $broken := $ticks[status = 'failed'].component;
  $called := function($a) { $count($a.ifFailed) = 0 or $count($a.ifFailed[$ in $broken]) > 0 };
  $possible := function($a) { $called($a) and $count($missing($a)) = 0 and $not($idle($a)) };
  $leftOut := function($a) {(
    $others := $missing($a)[$ != $a.component];
    $record := function($status, $because) {
      { 'status': $status, 'component': $a.component, 'verb': $a.verbs[0], 'because': [$because] }
    };
    $count($others) > 0 and $called($a) ? $record('left-out', $others)
      : $count($missing($a)) = 0 and $idle($a) ? $record('not-needed', $distinct($a.serves.needs[$ in $failed]))
  )};
`;

/** Actions that can be carried out, with their moves. */
const actionsOf = (actions: string) =>
  oneLine(`{% (
  ${JUDGING}
  $wanted := ${actions};
  $left := $exists($wanted) ? $filter($wanted, $possible) : $error('The plan has no such wave');
  [$map($left, function($a) {
    { 'move': $planned.plan.moves[component = $a.component], 'verbs': $a.verbs, 'once': $a.startOnly }
  })]
) %}`);
