import type { Identities } from "../iam/identities.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Random } from "../kernel/random.ts";
import { type AnyOperation, AwsError, type Call, type ServiceModel } from "../service-model.ts";
import { unacceptedPath } from "./accepted-input.ts";
import { type CallRecord, isMutating, shortName } from "./call-record.ts";
import { ConnectionLost } from "./connection-lost.ts";
import { faultError } from "./fault-errors.ts";
import type { FaultPlan, Strike } from "./fault-plan.ts";
import { missingMember } from "./required-members.ts";
import { ServiceShape } from "./service-shape.ts";
import { missingMemberError } from "./validation-error.ts";

/** How long a call travels each way, virtual milliseconds. */
export interface Latency {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface PipelineOptions {
  readonly kernel: Kernel;
  readonly identities: Identities;
  readonly faults: FaultPlan;
  /** @default 5 to 25 ms each way, so that concurrent callers interleave; zero means no waiting at all */
  readonly latency?: Latency;
}

/**
 * The way of one call through the region. Every call passes the same gates in the same order: is it modelled, is it
 * complete, does the model honour all of it, does a fault strike, is the caller allowed.
 */
export class CallPipeline {
  readonly calls: CallRecord[] = [];
  readonly bugs: unknown[] = [];
  readonly #services = new Map<string, ServedModel>();
  readonly #options: PipelineOptions;
  readonly #random: Random;

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#random = options.kernel.random.fork("latency");
  }

  add(model: ServiceModel): void {
    const shape = new ServiceShape(model);
    for (const operation of model.operations.keys()) {
      if (!shape.operations.has(operation)) {
        throw new Error(`${model.signingName} models ${operation}, which its SDK client does not know`);
      }
    }
    this.#services.set(model.signingName, { model, shape });
  }

  get services(): readonly ServiceModel[] {
    return [...this.#services.values()].map(({ model }) => model);
  }

  shapeOf(service: string): ServiceShape | undefined {
    return this.#services.get(service)?.shape;
  }

  /** The journey there, the service's work, its record, and the journey back, which errors make as well. */
  async deliver(call: Call, input: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    await this.#travel();
    const at = this.#options.kernel.now;
    const strike = this.#options.faults.strike(call);
    if (strike.delayMs > 0) await this.#options.kernel.sleep(strike.delayMs);
    const name = `${call.service}:${call.operation}`;
    if (strike.failure === "refused") throw new ConnectionLost(name, false);

    const { output, error } = await this.#perform(call, input, strike).then(
      (done) => ({ output: done, error: undefined }),
      (failed: unknown) => ({ output: undefined, error: failed }),
    );
    const killsCaller = strike.failure === "kills-caller";
    const replyLost = strike.failure === "lost-reply" || killsCaller;
    this.#record(call, { at, input, error, replyLost });
    await this.#travel();
    if (error !== undefined && !(error instanceof AwsError)) throw error;
    if (replyLost) throw new ConnectionLost(name, true, killsCaller);
    if (output === undefined) throw error;
    return output;
  }

  /** An error in a model is no part of the simulation: it is kept, and logged once. */
  reportBug(service: string, error: unknown): void {
    if (this.bugs.includes(error)) return;
    this.bugs.push(error);
    this.#options.kernel.log.write(service, "model failed", { error: String(error) });
  }

  async #perform(
    call: Call,
    input: Readonly<Record<string, unknown>>,
    { failure }: Strike,
  ): Promise<Record<string, unknown>> {
    const operation = this.#checked(call, input);
    if (failure === "throttle" || failure === "server-error" || failure === "access-denied") {
      throw faultError(failure, call);
    }
    // A true seam: the operation was found by the call's name, and the input was decoded from that operation's schema.
    const typed = input as never;
    this.#options.identities.authorize(call.principal, operation.authorize(typed, call));
    const output: Record<string, unknown> = {};
    return Object.assign(output, await operation.handle(typed, call));
  }

  #checked({ service, operation }: Call, input: Readonly<Record<string, unknown>>): AnyOperation {
    const served = this.#services.get(service);
    const model = served?.model.operations.get(operation);
    const schema = served?.shape.operations.get(operation);
    if (!served || !model || !schema) throw notModelled(`${service}:${operation}`);
    const missing = missingMember(schema.input, input);
    if (missing !== undefined) throw missingMemberError(served.shape, missing);
    const refused = unacceptedPath(input, model.accepts);
    if (refused !== undefined) throw notModelled(`the member ${refused} of ${service}:${operation}`);
    return model;
  }

  #record(
    call: Call,
    { error, ...arrival }: Pick<CallRecord, "at" | "input" | "replyLost"> & { readonly error: unknown },
  ): void {
    const { service, operation, principal } = call;
    const outcome = outcomeOf(error);
    if (error !== undefined && !(error instanceof AwsError)) this.reportBug(service, error);
    this.calls.push({ ...call, ...arrival, outcome, mutating: isMutating(operation) });
    const facts = { operation, principal: shortName(principal), outcome };
    this.#options.kernel.log.write(service, "api call", facts);
  }

  async #travel(): Promise<void> {
    const { fromMs, toMs } = this.#options.latency ?? { fromMs: 5, toMs: 25 };
    if (toMs > 0) await this.#options.kernel.sleep(this.#random.integer(fromMs, toMs));
  }
}

interface ServedModel {
  readonly model: ServiceModel;
  readonly shape: ServiceShape;
}

/** A thrown thing that is no AwsError is a bug in the model; the caller of a real service would see this code. */
function outcomeOf(error: unknown): string {
  if (error === undefined) return "ok";
  return error instanceof AwsError ? error.code : "InternalFailure";
}

/** What the region does not model is an error that says so, never a silent success. */
export function notModelled(what: string): AwsError {
  return new AwsError("NotImplemented", `Stepback's simulated region does not model ${what}`, 501);
}
