import type { Kernel } from "../kernel/kernel.ts";
import { AwsError } from "../service-model.ts";
import { FunctionFaults } from "./function-faults.ts";
import { FunctionInstance } from "./function-instance.ts";
import type { InvocationOutcome } from "./invocation-outcome.ts";
import type { LambdaFunction } from "./lambda-function.ts";
import type { OutputLine } from "./output-capture.ts";
import type { Transport } from "./transport.ts";

/**
 * How long an idle execution environment stays, virtual milliseconds. AWS publishes no figure; field reports say
 * five to fifteen minutes (unverified).
 */
const IDLE_MS = { from: 5 * 60_000, to: 15 * 60_000 };

/**
 * From the start of a cold invocation to a loaded module: Node with bundled SDK clients measures 250 ms for code and
 * clients, 375 ms with the first TLS call (docs/facts/performance-reliability.md A1, speedrun.nobackspacecrew.com).
 */
const COLD_INIT_MS = { from: 250, to: 375 };

/**
 * What Lambda itself adds before a warm handler runs. Unverified: the 100 to 160 ms measured between two Lambda
 * states (facts A1, SeBS-Flow) contain Step Functions' own share, which the state machine service models.
 */
const WARM_START_MS = { from: 5, to: 20 };

export interface LambdaRuntimeOptions {
  readonly kernel: Kernel;
  readonly region: string;
  /** Carries the requests of the functions' SDK clients to the region's endpoint. */
  readonly transport: Transport;
  /** Temporary credentials of the execution role, for a session named after the function. */
  readonly credentialsFor: (
    roleArn: string,
    session: string,
  ) => { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken: string };
  /** Gets every line that a function writes, at the moment it is written. */
  readonly output?: (line: OutputLine) => void;
}

/** One finished invocation, as the Invoke operation reports it. */
export interface InvocationResult {
  readonly requestId: string;
  /** The handler's result, or the error object, as JSON. */
  readonly payload: string;
  /** Whether `payload` is an error object. */
  readonly failed: boolean;
  readonly durationMs: number;
  readonly cold: boolean;
  /** What the function wrote during this invocation. */
  readonly output: readonly string[];
}

/**
 * Runs functions from their shipped bundles, in this process and in virtual time: keeps the execution environments
 * of each function, reuses idle ones, starts more for concurrent invocations and drops those idle for minutes.
 */
export class LambdaRuntime {
  readonly faults: FunctionFaults;
  readonly #options: LambdaRuntimeOptions;
  readonly #idle = new Map<string, FunctionInstance[]>();
  readonly #running = new Map<string, number>();

  constructor(options: LambdaRuntimeOptions) {
    this.#options = options;
    this.faults = new FunctionFaults(options.kernel);
  }

  /** How many invocations of the function are running. */
  concurrencyOf(name: string): number {
    return this.#running.get(name) ?? 0;
  }

  /** Runs one invocation. Rejects with AwsError only when Lambda itself fails; a failed function is a result. */
  async invoke(fn: LambdaFunction, event: string, requestId: string): Promise<InvocationResult> {
    if (this.faults.isUnavailable(fn.name)) {
      // https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html: ServiceException, HTTP 500.
      throw new AwsError("ServiceException", "The Lambda service encountered an internal error.", 500);
    }
    this.#running.set(fn.name, this.concurrencyOf(fn.name) + 1);
    return this.#options.kernel.activity(`lambda ${fn.name}`, async () => {
      try {
        return await this.#run(fn, event, requestId);
      } finally {
        this.#running.set(fn.name, this.concurrencyOf(fn.name) - 1);
      }
    });
  }

  async #run(fn: LambdaFunction, event: string, requestId: string): Promise<InvocationResult> {
    const { kernel } = this.#options;
    const warm = this.#takeIdle(fn);
    const instance = warm ?? new FunctionInstance(fn, this.#options);
    kernel.log.write("lambda", "function started", { function: fn.name, requestId, cold: !warm });
    const initFailure = warm ? undefined : await this.#start(instance);
    await kernel.sleep(kernel.random.between(WARM_START_MS.from, WARM_START_MS.to));

    const startedAt = kernel.now;
    instance.beginInvocation(requestId, this.faults.takeCrash(fn.name));
    const outcome = initFailure ?? (await instance.run(event, requestId));
    const durationMs = Math.round(kernel.now - startedAt);
    if (!instance.ended && !initFailure) this.#giveBack(fn, instance);

    const error = outcome.ok ? {} : { error: outcome.errorType };
    kernel.log.write("lambda", "function ended", {
      function: fn.name,
      requestId,
      durationMs,
      cold: !warm,
      ...error,
    });
    return {
      requestId,
      payload: outcome.payload,
      failed: !outcome.ok,
      durationMs,
      cold: !warm,
      output: instance.takeOutput(),
    };
  }

  /** Loads the module in a new environment, which takes its time; the error with which the module failed, if it did. */
  async #start(instance: FunctionInstance): Promise<InvocationOutcome | undefined> {
    const { kernel } = this.#options;
    const failure = instance.load();
    await kernel.sleep(kernel.random.between(COLD_INIT_MS.from, COLD_INIT_MS.to));
    return failure;
  }

  #takeIdle(fn: LambdaFunction): FunctionInstance | undefined {
    const idle = (this.#idle.get(fn.name) ?? []).filter(
      (instance) => instance.expiresAt > this.#options.kernel.now,
    );
    const taken = idle.pop();
    this.#idle.set(fn.name, idle);
    taken?.thaw();
    return taken;
  }

  #giveBack(fn: LambdaFunction, instance: FunctionInstance): void {
    const { kernel } = this.#options;
    instance.freeze(kernel.now + kernel.random.between(IDLE_MS.from, IDLE_MS.to));
    this.#idle.set(fn.name, [...(this.#idle.get(fn.name) ?? []), instance]);
  }
}
