import type { HistoryEvent } from "@aws-sdk/client-sfn";
import { Kernel } from "../../../lib/region/kernel/kernel.ts";
import type { AwsEvent, RegionContext, VendedMetric } from "../../../lib/region/region-context.ts";
import { AwsError, type Call, type Principal } from "../../../lib/region/service-model.ts";
import {
  type StepFunctions,
  stepFunctionsService,
} from "../../../lib/region/services/step-functions/step-functions-service.ts";
import type { SdkService } from "../../../lib/region/states-language/integrations/sdk-integration.ts";

export const roleArn = "arn:aws:iam::111122223333:role/machine";

/** What another service answers: by `service:Operation`, given the input and how often it was called before. */
export type Answers = Readonly<
  Record<string, (input: Readonly<Record<string, unknown>>, earlier: number) => unknown>
>;

export interface Made {
  readonly principal: Principal;
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly at: number;
}

/** A region that has Step Functions and a literal table of answers for everything else. */
export class TestRegion {
  readonly kernel: Kernel;
  readonly calls: Made[] = [];
  readonly events: AwsEvent[] = [];
  readonly metrics: VendedMetric[] = [];
  readonly states: StepFunctions;
  /** Virtual milliseconds that a call of another service takes. */
  callMs = 100;
  readonly #answers: Answers;

  constructor({
    answers = {},
    seed = 1,
    sdkServices = [],
  }: {
    readonly answers?: Answers;
    readonly seed?: number;
    readonly sdkServices?: readonly SdkService[];
  }) {
    this.kernel = new Kernel({ seed, start: Date.UTC(2026, 10, 21, 12) });
    this.#answers = answers;
    this.states = stepFunctionsService(this.#context(), { sdkServices });
  }

  /** Creates a machine as CloudFormation does and gives its ARN. */
  async machine(definition: object, name = "machine"): Promise<string> {
    const resource = this.states.model.resources.get("AWS::StepFunctions::StateMachine");
    if (!resource) throw new Error("The service provides no state machines");
    const properties = {
      StateMachineName: name,
      RoleArn: roleArn,
      DefinitionString: JSON.stringify({ QueryLanguage: "JSONata", ...definition }),
    };
    return (await resource.create("Machine", properties)).ref;
  }

  /** Calls an operation of Step Functions the way the wire layer dispatches it. */
  async call<Output>(operation: string, input: object): Promise<Output> {
    const model = this.states.model.operations.get(operation);
    if (!model) throw new Error(`${operation} is not modelled`);
    const call: Call = {
      service: "states",
      operation,
      principal: { type: "user", arn: "arn:aws:iam::111122223333:user/tester" },
      requestId: "request",
    };
    // Operations of every shape share one map; the test names the output that belongs to the operation.
    return (await model.handle(input as never, call)) as Output;
  }

  async start(stateMachineArn: string, input: unknown = {}, name?: string): Promise<string> {
    const { executionArn } = await this.call<{ executionArn: string }>("StartExecution", {
      stateMachineArn,
      input: JSON.stringify(input),
      ...(name !== undefined && { name }),
    });
    return executionArn;
  }

  /** Runs the clock until the execution is over, and describes it. */
  async finish(executionArn: string, withinMs = 400 * 24 * 3_600_000): Promise<Ended> {
    const execution = this.states.executions.get(executionArn);
    const deadline = this.kernel.now + withinMs;
    const end = await this.kernel.runWhile(() => execution.status === "RUNNING", deadline);
    if (end === "deadline") throw new Error("The execution did not end in time");
    const { status = "RUNNING", output, error, cause } = execution.describe();
    return {
      arn: executionArn,
      status,
      output: output === undefined ? undefined : JSON.parse(output),
      error,
      cause,
      events: execution.history.events,
      tookMs: (execution.stopDate?.getTime() ?? 0) - execution.startDate.getTime(),
    };
  }

  /** A whole execution of a definition. */
  async run(definition: object, input: unknown = {}): Promise<Ended> {
    return this.finish(await this.start(await this.machine(definition), input));
  }

  #context(): RegionContext {
    return {
      account: "111122223333",
      region: "eu-west-1",
      kernel: this.kernel,
      emit: (event) => {
        this.events.push(event);
      },
      publishMetric: (metric) => {
        this.metrics.push(metric);
      },
      call: async (principal, service, operation, input) => {
        const key = `${service}:${operation}`;
        const earlier = this.calls.filter((made) => `${made.service}:${made.operation}` === key).length;
        const given = { ...input };
        this.calls.push({ principal, service, operation, input: given, at: this.kernel.now });
        await this.kernel.sleep(this.callMs);
        const answer = this.#answers[key];
        if (!answer) throw new AwsError("AccessDeniedException", `not authorized to perform ${key}`, 403);
        return Object(await answer(given, earlier));
      },
    };
  }
}

export interface Ended {
  readonly arn: string;
  readonly status: string;
  readonly output: unknown;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly events: readonly HistoryEvent[];
  readonly tookMs: number;
}

/** A history as lines: `3 2 TaskScheduled`. */
export function outline(events: readonly HistoryEvent[]): readonly string[] {
  return events.map(({ id, previousEventId, type }) => `${id} ${previousEventId} ${type}`);
}

/** An answer of Lambda's Invoke. */
export function lambdaAnswer(payload: unknown): Readonly<Record<string, unknown>> {
  return { StatusCode: 200, Payload: new TextEncoder().encode(JSON.stringify(payload)) };
}

/** What Lambda answers when the function threw. */
export function lambdaFailure(errorType: string, errorMessage: string): Readonly<Record<string, unknown>> {
  return { ...lambdaAnswer({ errorType, errorMessage, trace: [] }), FunctionError: "Unhandled" };
}

/** What a function was called with. */
export function payloadOf({ input }: Made): unknown {
  const { Payload } = input;
  return Payload instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(Payload)) : undefined;
}

/** A Task state that invokes the function `name`. */
export function lambdaTask(name: string, more: object = {}): object {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Arguments: { FunctionName: name, Payload: "{% $states.input %}" },
    Output: "{% $states.result.Payload %}",
    TimeoutSeconds: 60,
    End: true,
    ...more,
  };
}
