import type { InvocationResult, LambdaRuntime } from "../../lambda-runtime/lambda-runtime.ts";
import type { RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import type { DeployedFunction } from "./function-registry.ts";

/** The largest events, bytes: 6 MB synchronous, 1 MB asynchronous (InvocationRequest.Payload in the SDK's model). */
const EVENT_LIMITS = { RequestResponse: 6_291_456, DryRun: 6_291_456, Event: 1_048_576 };

/** Runs invocations under the function's reserved concurrency and counts them in the service's own metrics. */
export class Invocations {
  readonly #context: RegionContext;
  readonly #runtime: LambdaRuntime;

  constructor(context: RegionContext, runtime: LambdaRuntime) {
    this.#context = context;
    this.#runtime = runtime;
  }

  /** The event as text, checked as Invoke checks it; no payload at all is an empty object for the handler. */
  checkedEvent(payload: Uint8Array | undefined, type: keyof typeof EVENT_LIMITS): string {
    const limit = EVENT_LIMITS[type];
    if (payload && payload.byteLength > limit) {
      const message = `Request must be smaller than ${limit} bytes for the InvokeFunction operation`;
      throw new AwsError("RequestTooLargeException", message, 413);
    }
    const event = payload && payload.byteLength > 0 ? new TextDecoder().decode(payload) : "{}";
    try {
      JSON.parse(event);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new AwsError(
        "InvalidRequestContentException",
        `Could not parse request body into json: ${reason}`,
        400,
      );
    }
    return event;
  }

  async run(fn: DeployedFunction, event: string, requestId: string): Promise<InvocationResult> {
    const { reservedConcurrency } = fn;
    if (reservedConcurrency !== undefined && this.#runtime.concurrencyOf(fn.name) >= reservedConcurrency) {
      this.#count(fn, "Throttles", 1);
      // https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html: TooManyRequestsException, HTTP 429.
      const data = { Reason: "ReservedFunctionConcurrentInvocationLimitExceeded" };
      throw new AwsError("TooManyRequestsException", "Rate Exceeded.", 429, data);
    }
    const result = await this.#runtime.invoke(fn, event, requestId);
    // Throttled requests are no invocations; a failed one is an error and an invocation
    // (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html).
    this.#count(fn, "Invocations", 1);
    this.#count(fn, "Errors", result.failed ? 1 : 0);
    this.#count(fn, "Throttles", 0);
    this.#publish(fn, "Duration", result.durationMs, "Milliseconds");
    return result;
  }

  #count(fn: DeployedFunction, metricName: string, value: number): void {
    this.#publish(fn, metricName, value, "Count");
  }

  #publish(fn: DeployedFunction, metricName: string, value: number, unit: string): void {
    const dimensions = { FunctionName: fn.name };
    this.#context.publishMetric({ namespace: "AWS/Lambda", metricName, dimensions, value, unit });
  }
}
