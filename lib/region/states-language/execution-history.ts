import type { HistoryEvent, HistoryEventType } from "@aws-sdk/client-sfn";
import { Stopped } from "./lifeline.ts";

/** The members of an event beside its id, time, type and predecessor. */
export type EventDetails = Omit<HistoryEvent, "id" | "previousEventId" | "timestamp" | "type">;

/**
 * The event history of one execution, in the SDK's shape.
 *
 * Event 25,000 is always the `ExecutionFailed` that the limit causes: 24,999 is the last real one [measured on AWS by
 * floci-io/floci#2734]. After its terminal event the history takes nothing until a redrive opens it again.
 */
export class ExecutionHistory {
  readonly events: HistoryEvent[] = [];
  readonly #clock: () => Date;
  readonly #onFull: () => void;
  #closed = false;

  constructor(clock: () => Date, onFull: () => void) {
    this.#clock = clock;
    this.#onFull = onFull;
  }

  /** Appends an event and returns its id. Throws `Stopped` when the execution is over or becomes so by this event. */
  add(type: HistoryEventType, previousEventId: number, details: EventDetails = {}): number {
    if (this.#closed) throw new Stopped();
    if (this.events.length >= historyLimit - 1) {
      this.#onFull();
      throw new Stopped();
    }
    return this.#append(type, previousEventId, details);
  }

  /** Appends the terminal event. */
  close(type: HistoryEventType, previousEventId: number, details: EventDetails): void {
    this.#append(type, previousEventId, details);
    this.#closed = true;
  }

  /** Opens the history again for a redrive, which follows the terminal event [radkawar/stackd, redrive_execution.json]. */
  reopen(redriveCount: number): number {
    this.#closed = false;
    return this.add("ExecutionRedriven", this.events.length, {
      executionRedrivenEventDetails: { redriveCount },
    });
  }

  /**
   * What Standard workflows are billed by: states entered, and redrives, which "are considered as state transitions"
   * [redrive page].
   */
  get transitions(): number {
    const counts = ({ type }: HistoryEvent) => type === "ExecutionRedriven" || type?.endsWith("StateEntered");
    return this.events.filter(counts).length;
  }

  #append(type: HistoryEventType, previousEventId: number, details: EventDetails): number {
    const id = this.events.length + 1;
    this.events.push({ timestamp: this.#clock(), type, id, previousEventId, ...details });
    return id;
  }
}

/** [AWS quotas page: "Maximum execution history size: 25,000 events"] */
const historyLimit = 25_000;

/** The words in which AWS reports the limit [floci-io/floci#2734, loads/ardere#86]. */
export const historyFull = {
  error: "States.Runtime",
  cause: "The execution reached the maximum number of history events (25000).",
} as const;
