import type { InvocationResult } from "../../lambda-runtime/lambda-runtime.ts";
import type { RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import { deliverRecord } from "./deliver-record.ts";
import type { DeployedFunction } from "./function-registry.ts";
import type { Invocations } from "./invocations.ts";

/** From the accepted event to its first attempt, virtual milliseconds: AWS publishes no figure (unverified). */
const QUEUE_MS = { from: 10, to: 60 };

/** Function errors: one minute before the second attempt, two before the third (invocation-async-error-handling.html). */
const RETRY_AFTER_MS = [60_000, 120_000];

/** Throttling and service errors: 1 second, doubling to 5 minutes, for as long as the event may wait (same page). */
const BACK_OFF_MS = { first: 1_000, most: 300_000 };

interface QueuedEvent {
  readonly fn: DeployedFunction;
  readonly event: string;
  readonly requestId: string;
  readonly acceptedAt: number;
  /** How often the function itself failed. */
  readonly failures: number;
  /** How often Lambda could not run it, since the last attempt. */
  readonly refusals: number;
  /** How often the function ran. */
  readonly attempts: number;
}

/** Lambda's queue of asynchronous events. */
export class AsyncInvocations {
  readonly #context: RegionContext;
  readonly #invocations: Invocations;

  constructor(context: RegionContext, invocations: Invocations) {
    this.#context = context;
    this.#invocations = invocations;
  }

  accept(fn: DeployedFunction, event: string, requestId: string): void {
    const { kernel } = this.#context;
    const queued = { fn, event, requestId, acceptedAt: kernel.now, failures: 0, refusals: 0, attempts: 0 };
    this.#later(queued, kernel.random.between(QUEUE_MS.from, QUEUE_MS.to));
  }

  #later(queued: QueuedEvent, delayMs: number): void {
    const { kernel } = this.#context;
    kernel.schedule(delayMs, () => kernel.launch(`event for ${queued.fn.name}`, () => this.#attempt(queued)));
  }

  async #attempt(queued: QueuedEvent): Promise<void> {
    const { fn, event, requestId } = queued;
    let result: InvocationResult;
    try {
      result = await this.#invocations.run(fn, event, requestId);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const delayMs = Math.min(BACK_OFF_MS.first * 2 ** queued.refusals, BACK_OFF_MS.most);
      return this.#retry({ ...queued, refusals: queued.refusals + 1 }, delayMs);
    }
    const done = { ...queued, attempts: queued.attempts + 1 };
    if (!result.failed) return this.#report(done, "Success", result);
    const delayMs = RETRY_AFTER_MS[done.failures];
    if (delayMs === undefined || done.failures >= (fn.asyncSettings?.retries ?? 2)) {
      return this.#report(done, "RetriesExhausted", result);
    }
    await this.#retry({ ...done, failures: done.failures + 1, refusals: 0 }, delayMs, result);
  }

  async #retry(queued: QueuedEvent, delayMs: number, last?: InvocationResult): Promise<void> {
    const ageLimitMs = (queued.fn.asyncSettings?.maximumAgeSeconds ?? 21_600) * 1_000;
    const dueAt = this.#context.kernel.now + delayMs;
    if (dueAt > queued.acceptedAt + ageLimitMs) return this.#report(queued, "EventAgeExceeded", last);
    this.#later(queued, delayMs);
  }

  async #report(
    { fn, event, requestId, attempts }: QueuedEvent,
    condition: "Success" | "RetriesExhausted" | "EventAgeExceeded",
    result: InvocationResult | undefined,
  ): Promise<void> {
    if (condition !== "Success") {
      this.#context.kernel.log.write("lambda", "event dropped", { function: fn.name, requestId, condition });
    }
    await deliverRecord(this.#context, { fn, event, requestId, attempts, condition, result });
  }
}
