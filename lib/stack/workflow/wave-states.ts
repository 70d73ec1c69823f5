import { Duration } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import * as sfn from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import type { Kind } from "../../../lambdas/contracts/vocabulary.ts";
import { failureSentence } from "./failure-sentence.ts";
import { InvokeFunction } from "./invoke-function.ts";

/** The function that moves components of each kind. */
export type Movers = Readonly<Partial<Record<Kind, IFunction>>>;

/** A component function may follow its deployment for most of this; the workflow calls again until it has settled. */
export const MOVE_TIMEOUT = Duration.minutes(5);
/**
 * What RDS does takes hours: as long as a function may run at all (Lambda developer guide, "Lambda quotas": 900 seconds), so that
 * the workflow calls it less often.
 */
export const LONGEST_MOVE_TIMEOUT = Duration.minutes(15);

/** So soon it is not worth a state of its own: a function that is called again looks right away. */
const SHORT_WAIT_SECONDS = 15;

interface ForEachProps {
  readonly movers: Movers;
  /** Ids of the states, so that two maps of one machine can stand side by side. */
  readonly ids: {
    readonly map: string;
    readonly move: string;
    readonly settled: string;
    readonly wait: string;
    readonly failed: string;
    readonly done: string;
  };
  readonly items: string;
  /** An expression: the lock under which they are moved. @default - the rollback's */
  readonly lock?: string;
  readonly outputs: unknown;
  /** @default false */
  readonly patiently?: boolean;
}

/**
 * Moves components in parallel and asks each again until it has settled. What goes wrong with one component becomes
 * its result: it stops neither its neighbours nor the report.
 */
export function forEachComponent(
  scope: Construct,
  { movers, ids, items, outputs, lock = "$planned.lock", patiently = false }: ForEachProps,
): sfn.Map {
  const map = sfn.Map.jsonata(scope, ids.map, {
    items: sfn.ProvideItems.jsonata(items),
    itemSelector: { item: "{% $states.context.Map.Item.Value %}" },
    outputs,
  });
  const arns = Object.fromEntries(Object.entries(movers).map(([kind, fn]) => [kind, fn.functionArn]));
  const move = new InvokeFunction(scope, ids.move, {
    target: {
      oneOf: Object.values(movers),
      arn: `{% $lookup(${JSON.stringify(arns)}, $states.input.item.move.kind) %}`,
    },
    payload: {
      rollbackId: "{% $planned.rollbackId %}",
      lock: `{% ${lock} %}`,
      fence: "{% $fence %}",
      redrives: "{% $states.context.Execution.RedriveCount %}",
      move: "{% $states.input.item.move %}",
      verbs: "{% $states.input.item.verbs %}",
      once: "{% $states.input.item.once %}",
    },
    timeout: LONGEST_MOVE_TIMEOUT,
    patiently,
    outputs: { item: "{% $states.input.item %}", tick: "{% $states.result.Payload %}" },
  });
  const wait = sfn.Wait.jsonata(scope, ids.wait, {
    time: sfn.WaitTime.seconds("{% $states.input.tick.waitSeconds %}"),
  });
  const done = sfn.Succeed.jsonata(scope, ids.done, {
    outputs: "{% $states.input.item.once ? {} : $states.input.tick %}",
  });
  const failed = sfn.Pass.jsonata(scope, ids.failed, {});
  const isAtWork = "$states.input.tick.status = 'working' and $not($states.input.item.once)";
  const settled = sfn.Choice.jsonata(scope, ids.settled, {})
    .when(
      sfn.Condition.jsonata(`{% ${isAtWork} and $states.input.tick.waitSeconds > ${SHORT_WAIT_SECONDS} %}`),
      wait.next(move),
    )
    .when(sfn.Condition.jsonata(`{% ${isAtWork} %}`), move)
    .otherwise(done);
  move.addCatch(failed, {
    errors: ["States.ALL"],
    // What was only to be begun says in its own wave what is wrong with it.
    outputs: `{% $states.input.item.once ? {} : { ${[
      "'status': 'failed'",
      "'component': $states.input.item.move.component",
      "'verb': $states.input.item.verbs[0]",
      "'code': $states.errorOutput.Error",
      `'note': $substring(${failureSentence("$states.errorOutput")}, 0, 500)`,
      "'touched': true",
    ].join(", ")} } %}`,
  });
  map.itemProcessor(move.next(settled));
  return map;
}
