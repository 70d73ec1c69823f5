import type { MapState, ParallelState } from "./definition.ts";
import type { Json } from "./json.ts";
import { type Lifeline, Stopped } from "./lifeline.ts";
import type { StateRun } from "./state-run.ts";
import { dataLimitExceeded, fitting, StatesError } from "./states-error.ts";
import type { Thread } from "./thread.ts";

/** The children of one visit of a Parallel or Map state: run, gathered, and stopped together when one of them fails. */
export class FanOut {
  readonly #run: StateRun<ParallelState | MapState>;
  readonly #kind: "Parallel" | "Map";
  readonly #started = new Set<Thread>();
  /** A redrive finds the children of the earlier attempt and runs only those that did not succeed. */
  #resumed: boolean;

  constructor(run: StateRun<ParallelState | MapState>) {
    this.#run = run;
    this.#kind = run.state.Type;
    this.#resumed = run.visit.children !== undefined;
  }

  /** Makes the children of a fresh attempt with `create`; keeps those that a redrive found. */
  async start(create: () => Promise<readonly Thread[]>): Promise<void> {
    if (!this.#resumed) this.#run.visit.children = await create();
    this.#resumed = false;
    this.#started.clear();
  }

  /** Runs the children and gives their outputs in order. The first failure stops the others and is thrown. */
  async outputs(concurrency: number): Promise<Json> {
    const { visit, line, thread, name } = this.#run;
    const children = visit.children ?? [];
    await line.branch((shared) => this.#runAll(shared, children, concurrency));
    // The next event follows the last child, not this one [localstack AWS snapshots].
    this.#run.host.history.add(`${this.#kind}StateSucceeded`, thread.lastEventId);
    try {
      return fitting(
        children.map(({ outcome }) => outcome?.output ?? null),
        name,
      );
    } catch {
      // After DataLimitExceeded a redrive runs the state again, "including the branches that were successful" [redrive page].
      delete visit.children;
      throw dataLimitExceeded(name);
    }
  }

  noteFailed(): void {
    this.#run.note(`${this.#kind}StateFailed`);
  }

  async #runAll(line: Lifeline, children: readonly Thread[], concurrency: number): Promise<void> {
    const waiting = [...children.entries()].filter(([, child]) => !child.outcome);
    let failure: { readonly error: StatesError; readonly failed: Thread } | undefined;
    const worker = async (): Promise<void> => {
      let freedBy: number | undefined;
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [index, child] = next;
        try {
          freedBy = await this.#runChild(line, index, child, freedBy);
        } catch (error) {
          if (error instanceof StatesError) failure ??= { error, failed: child };
          line.stop();
          throw error;
        }
      }
    };
    const workers = Array.from({ length: Math.min(concurrency, waiting.length) }, worker);
    const ends = await Promise.allSettled(workers);
    if (failure) {
      this.#noteEnded(children, failure.failed);
      throw failure.error;
    }
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  /** @returns the child's last event, which the next iteration in its place follows */
  async #runChild(
    line: Lifeline,
    index: number,
    child: Thread,
    freedBy: number | undefined,
  ): Promise<number> {
    const { thread, host, interpreter, name } = this.#run;
    if (line.stopped) throw new Stopped();
    this.#started.add(child);
    if (this.#kind === "Map" && !child.begun) {
      const details = { mapIterationStartedEventDetails: { index, name } };
      child.lastEventId = host.history.add("MapIterationStarted", freedBy ?? child.lastEventId, details);
    }
    child.begun = true;
    await interpreter.run(child, line);
    if (line.stopped) throw new Stopped();
    const last = child.lastEventId;
    thread.lastEventId =
      this.#kind === "Map"
        ? host.history.add("MapIterationSucceeded", last, {
            mapIterationSucceededEventDetails: { index, name },
          })
        : last;
    return last;
  }

  /** Everything that ends with the failure follows the failing child's last event [localstack AWS snapshots]. */
  #noteEnded(children: readonly Thread[], failed: Thread): void {
    const { host, thread, name } = this.#run;
    const previous = failed.lastEventId;
    thread.lastEventId = previous;
    for (const [index, child] of children.entries()) {
      if (child.outcome || !this.#started.has(child)) continue;
      if (this.#kind === "Map" && child === failed) {
        host.history.add("MapIterationFailed", previous, { mapIterationFailedEventDetails: { index, name } });
      } else if (this.#kind === "Map") {
        host.history.add("MapIterationAborted", previous, {
          mapIterationAbortedEventDetails: { index, name },
        });
      }
      noteAborted(child, previous, host.history);
    }
  }
}

/**
 * Task states that were left without an exit are noted as aborted, the failing one too [localstack AWS snapshots];
 * that Wait, Parallel and Map states are noted the same way follows from their event types and is unverified.
 */
function noteAborted(thread: Thread, previous: number, history: StateRun["host"]["history"]): void {
  const type = thread.visit && thread.group.States[thread.visit.state]?.Type;
  for (const child of thread.visit?.children ?? []) if (!child.outcome) noteAborted(child, previous, history);
  if (type === "Task" || type === "Wait" || type === "Parallel" || type === "Map") {
    history.add(`${type}StateAborted`, previous);
  }
}
