import type { StateGroup } from "./definition.ts";
import type { Json, JsonObject } from "./json.ts";
import { VariableScope } from "./variable-scope.ts";

/** The state a thread is in, from StateEntered to StateExited. */
export interface Visit {
  readonly state: string;
  readonly input: Json;
  /** Id of the StateEntered event, and the id of the event before it. */
  readonly enteredEventId: number;
  readonly eventIdBefore: number;
  readonly enteredTime: string;
  /** The branches or iterations that a Parallel or Map state has started, in order. */
  children?: readonly Thread[];
}

/**
 * One path of control: the machine itself, one branch of a Parallel state or one iteration of a Map state.
 *
 * It is all that a redrive needs: where the thread stands, with what input and variables, and which of its
 * children have already succeeded.
 */
export class Thread {
  readonly group: StateGroup;
  readonly variables: VariableScope;
  /** `$states.context.Map` of the innermost iteration around this thread. */
  readonly map: JsonObject | undefined;
  /** The id of this thread's last event: its next event's predecessor. */
  lastEventId: number;
  visit: Visit | undefined;
  /** Set when the thread has ended well. */
  outcome: { readonly output: Json } | undefined;
  /** Whether its first event was noted: a redrive announces no iteration twice. */
  begun = false;
  #next: string;
  #input: Json;

  constructor(start: {
    readonly group: StateGroup;
    readonly input: Json;
    readonly lastEventId: number;
    readonly outer?: VariableScope;
    readonly map?: JsonObject | undefined;
  }) {
    this.group = start.group;
    this.variables = new VariableScope(start.outer);
    this.map = start.map;
    this.lastEventId = start.lastEventId;
    this.#next = start.group.StartAt;
    this.#input = start.input;
  }

  /** The state that comes next, and its input. */
  get upcoming(): { readonly state: string; readonly input: Json } {
    return { state: this.#next, input: this.#input };
  }

  /**
   * Makes ready to go on after a redrive. What the state does now follows its own StateEntered, as its first attempt
   * did, and not ExecutionRedriven; only a Fail state, which notes nothing itself, follows that [radkawar/stackd,
   * redrive_execution.json]. A thread that stood between two states goes on from the exit of the last one.
   */
  resume(redrivenEventId: number): void {
    if (!this.visit) return;
    const isFail = this.group.States[this.visit.state]?.Type === "Fail";
    this.lastEventId = isFail ? redrivenEventId : this.visit.enteredEventId;
    for (const child of this.visit.children ?? []) child.resume(redrivenEventId);
  }

  /** Leaves the state; without `next` the thread is over. */
  leave(output: Json, next: string | undefined): void {
    this.visit = undefined;
    this.#input = output;
    if (next === undefined) this.outcome = { output };
    else this.#next = next;
  }
}
