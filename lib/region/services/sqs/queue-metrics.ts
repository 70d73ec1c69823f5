import type { RegionContext } from "../../region-context.ts";
import type { Queue } from "./queue.ts";

/** SQS developer guide, "Available CloudWatch metrics": reported while a queue is active, each minute. */
const PERIOD_MS = 60_000;

/**
 * "A queue is considered active … for up to six hours from the last activity (i.e., any API call) on the
 * queue."
 */
const ACTIVE_MS = 6 * 3_600_000;

/** Publishes how many messages wait in every active queue: what an alarm on a dead-letter queue looks at. */
export class QueueMetrics {
  readonly #context: RegionContext;
  readonly #lastActivity = new Map<Queue, number>();

  constructor(context: RegionContext) {
    this.#context = context;
  }

  /** Something happened to the queue: it is active from now on. */
  touch(queue: Queue): void {
    const { now } = this.#context.kernel;
    const sleeping = !this.#lastActivity.has(queue);
    this.#lastActivity.set(queue, now);
    if (sleeping) this.#publishAfter(PERIOD_MS - (now % PERIOD_MS), queue);
  }

  #publishAfter(delayMs: number, queue: Queue): void {
    this.#context.kernel.schedule(delayMs, () => {
      const idleMs = this.#context.kernel.now - (this.#lastActivity.get(queue) ?? 0);
      // Unverified: that messages alone keep a queue active.
      if (idleMs > ACTIVE_MS && queue.messages.length === 0) {
        this.#lastActivity.delete(queue);
        return;
      }
      this.#context.publishMetric({
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: queue.name },
        value: queue.counts().visible,
        unit: "Count",
      });
      this.#publishAfter(PERIOD_MS, queue);
    });
  }
}
