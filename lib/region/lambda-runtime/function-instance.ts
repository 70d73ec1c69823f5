import type { Kernel } from "../kernel/kernel.ts";
import { ConnectionLost } from "../wire/connection-lost.ts";
import type { WireReply, WireRequest } from "../wire/wire-message.ts";
import type { Crash } from "./function-faults.ts";
import { handlerOf, invocationContext, type LambdaHandler } from "./handler.ts";
import { exited, type InvocationOutcome, succeeded, threw, timedOut } from "./invocation-outcome.ts";
import { lambdaEnvironment, traceId } from "./lambda-environment.ts";
import type { LambdaFunction } from "./lambda-function.ts";
import type { LambdaRuntimeOptions } from "./lambda-runtime.ts";
import { LifeGate } from "./life-gate.ts";
import { OutputCapture } from "./output-capture.ts";
import { type Sandbox, sandbox } from "./sandbox.ts";
import { GLOBAL_NAMES, MODULE_NAMES } from "./sandbox-names.ts";

/**
 * One execution environment of a function: one evaluation of its module, used by one invocation at a time.
 *
 * When it ends in the middle of its work (timeout, crash, exit) its code is cut off where it stands: nothing that it
 * waits for ever arrives, and nothing that it still tries leaves.
 */
export class FunctionInstance {
  readonly #fn: LambdaFunction;
  readonly #options: LambdaRuntimeOptions;
  readonly #kernel: Kernel;
  readonly #gate = new LifeGate();
  readonly #module: { exports: unknown } = { exports: {} };
  readonly #sandbox: Sandbox;
  readonly #env: Record<string, string>;
  readonly #logStream: string;
  readonly #stdout = new OutputCapture((line) => this.#write(line));
  #handler: LambdaHandler | undefined;
  #expiresAt = 0;
  #requestId = "";
  #output: string[] = [];
  #calls = 0;
  #crash: Crash | undefined;
  #cutOff: ((outcome: InvocationOutcome) => void) | undefined;

  constructor(fn: LambdaFunction, options: LambdaRuntimeOptions) {
    const { kernel } = options;
    this.#fn = fn;
    this.#options = options;
    this.#kernel = kernel;
    const random = kernel.random.fork(`${fn.name} ${kernel.random.hex(8)}`);
    const day = kernel.date().toISOString().slice(0, 10).replaceAll("-", "/");
    this.#logStream = `${day}/[$LATEST]${random.hex(32)}`;
    const credentials = options.credentialsFor(fn.roleArn, fn.name);
    this.#env = lambdaEnvironment(fn, { region: options.region, logStream: this.#logStream, credentials });
    this.#sandbox = sandbox(
      {
        kernel,
        random,
        gate: this.#gate,
        transport: (request) => this.#send(request),
        env: this.#env,
        stdout: this.#stdout,
        console: { format: fn.logFormat, level: fn.logLevel, requestId: () => this.#requestId },
        exit: (code) => this.#exit(code),
      },
      this.#module,
    );
  }

  get ended(): boolean {
    return this.#gate.ended;
  }

  /** Until when the environment may be reused, epoch milliseconds. */
  get expiresAt(): number {
    return this.#expiresAt;
  }

  freeze(expiresAt: number): void {
    this.#gate.freeze();
    this.#expiresAt = expiresAt;
  }

  thaw(): void {
    this.#gate.thaw();
  }

  /** Evaluates the module; what it threw, if it did. */
  load(): InvocationOutcome | undefined {
    try {
      const { globals, module } = this.#sandbox;
      const wrapper = this.#fn.bundle.compiled(...GLOBAL_NAMES.map((name) => globals[name]));
      wrapper.call(this.#module.exports, ...MODULE_NAMES.map((name) => module[name]));
      this.#handler = handlerOf(this.#module.exports, this.#fn.handler);
      return undefined;
    } catch (error) {
      const outcome = this.ended ? exited(this.#requestId, "exit status 1") : threw(error);
      this.#gate.end();
      return outcome;
    }
  }

  beginInvocation(requestId: string, crash: Crash | undefined): void {
    this.#requestId = requestId;
    this.#crash = crash;
    this.#calls = 0;
    this.#env["_X_AMZN_TRACE_ID"] = traceId(this.#kernel, this.#fn.traced);
  }

  /** Runs the handler until it settles, times out or is cut off. */
  async run(event: string, requestId: string): Promise<InvocationOutcome> {
    const { timeoutSeconds } = this.#fn;
    const deadline = this.#kernel.now + timeoutSeconds * 1_000;
    const cutOff = new Promise<InvocationOutcome>((resolve) => {
      this.#cutOff = resolve;
    });
    const alarm = this.#kernel.schedule(timeoutSeconds * 1_000, () => {
      this.#end(timedOut(requestId, timeoutSeconds));
    });
    const context = invocationContext(this.#fn, {
      requestId,
      logStream: this.#logStream,
      remaining: () => Math.floor(deadline - this.#kernel.now),
    });
    const outcome = await Promise.race([this.#handle(event, context), cutOff]);
    alarm.cancel();
    return outcome;
  }

  takeOutput(): string[] {
    this.#stdout.flush();
    const output = this.#output;
    this.#output = [];
    return output;
  }

  async #handle(event: string, context: object): Promise<InvocationOutcome> {
    try {
      return succeeded(await this.#handler?.(JSON.parse(event), context));
    } catch (error) {
      // The Node.js runtime writes what it reports (src/runtime/lifecycle-manager.ts of its interface client).
      const outcome = threw(error);
      const { error: write } = this.#sandbox.console;
      if (typeof write === "function") write("Invoke Error", outcome.payload);
      return outcome;
    }
  }

  /** Carries a request out, counting, and dies where a drill wants it to. */
  async #send(request: WireRequest): Promise<WireReply> {
    if (this.ended) return never();
    const crashes = ++this.#calls === this.#crash?.afterCalls ? (this.#crash.effect ?? "after") : undefined;
    if (crashes === "before") return this.#die();
    if (crashes === undefined) {
      return this.#options.transport(request).catch((error: unknown) => {
        if (error instanceof ConnectionLost && error.killsCaller) return this.#die();
        throw error;
      });
    }
    await this.#options.transport(request).catch(() => undefined);
    return this.#die();
  }

  #die(): Promise<never> {
    this.#end(exited(this.#requestId, "signal: killed"));
    return never();
  }

  #exit(code: number): never {
    this.#end(exited(this.#requestId, `exit status ${code}`));
    throw new Error(`process.exit(${code})`);
  }

  #end(outcome: InvocationOutcome): void {
    this.#gate.end();
    this.#cutOff?.(outcome);
  }

  #write(text: string): void {
    if (this.ended) return;
    this.#output.push(text);
    const { name, roleArn, logGroup } = this.#fn;
    this.#kernel.log.write("lambda-output", "line", { function: name, text });
    this.#options.output?.({
      function: name,
      roleArn,
      requestId: this.#requestId,
      logGroup,
      logStream: this.#logStream,
      at: this.#kernel.now,
      text,
    });
  }
}

/** What code that was cut off waits for. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}
