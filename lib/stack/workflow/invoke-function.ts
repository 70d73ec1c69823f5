import type { Duration } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import {
  QueryLanguage,
  type RetryProps,
  type TaskMetricsConfig,
  TaskStateBase,
  Timeout,
} from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { RETRY_ASKING, RETRY_PASSING_TROUBLE, RETRY_PATIENTLY } from "./retries.ts";

export interface InvokeFunctionProps {
  /** The function, or for one chosen at run time all that may be chosen and the expression that yields the ARN. */
  readonly target: IFunction | { readonly oneOf: readonly IFunction[]; readonly arn: string };
  readonly payload: Readonly<Record<string, unknown>>;
  /** How long the function may take, at most its own timeout. */
  readonly timeout: Duration;
  /** @default - the function's answer */
  readonly outputs?: unknown;
  readonly assign?: Readonly<Record<string, unknown>>;
  /** The function keeps a task token and somebody else answers. @default false */
  readonly waitForTaskToken?: boolean;
  /** Nobody takes up what fails here: while AWS is busy it is tried for up to five minutes. @default false */
  readonly patiently?: boolean;
  /** In the order in which Step Functions asks them: the first that knows the error counts. @default - the house's */
  readonly retries?: readonly RetryProps[];
}

/**
 * A JSONata task that invokes a function, with the house's retries. Unlike `LambdaInvoke` it grants exactly the
 * unqualified ARN (no `:*`), and it can choose the function at run time, so that the workflow needs no choice state
 * per kind of component.
 */
export class InvokeFunction extends TaskStateBase {
  protected readonly taskMetrics?: TaskMetricsConfig;
  protected readonly taskPolicies: PolicyStatement[];
  readonly #props: InvokeFunctionProps;

  constructor(scope: Construct, id: string, props: InvokeFunctionProps) {
    super(scope, id, {
      queryLanguage: QueryLanguage.JSONATA,
      taskTimeout: Timeout.duration(props.timeout),
      outputs: props.outputs ?? "{% $states.result.Payload %}",
      ...(props.assign ? { assign: props.assign } : {}),
    });
    this.#props = props;
    const functions = "oneOf" in props.target ? props.target.oneOf : [props.target];
    // Invoking exactly these functions, unqualified: there are no versions or aliases.
    this.taskPolicies = [
      new PolicyStatement({
        actions: ["lambda:InvokeFunction"],
        resources: functions.map((fn) => fn.functionArn),
      }),
    ];
    const usual = props.waitForTaskToken ? RETRY_ASKING : RETRY_PASSING_TROUBLE;
    const first = props.patiently ? [RETRY_PATIENTLY] : [];
    for (const retry of props.retries ?? [...first, usual]) this.addRetry(retry);
  }

  protected override _renderTask(): Record<string, unknown> {
    const { target, payload, waitForTaskToken } = this.#props;
    const pattern = waitForTaskToken ? ".waitForTaskToken" : "";
    return {
      Resource: `arn:aws:states:::lambda:invoke${pattern}`,
      Arguments: { FunctionName: "oneOf" in target ? target.arn : target.functionArn, Payload: payload },
    };
  }
}
