import type { Json, JsonObject } from "./json.ts";

/**
 * A state machine in the Amazon States Language, JSONata mode, reduced to the fields that this model honours.
 * `checkDefinition` refuses everything else, so a value of this type is always runnable.
 */
export interface StateMachineDefinition extends StateGroup {
  readonly Comment?: string;
  readonly Version?: "1.0";
  readonly QueryLanguage?: "JSONata";
  readonly TimeoutSeconds?: number;
}

/** A set of states with a start: the whole machine, a branch of a Parallel state or the body of a Map state. */
export interface StateGroup {
  readonly StartAt: string;
  readonly States: { readonly [name: string]: State };
}

export type State =
  | TaskState
  | ParallelState
  | MapState
  | ChoiceState
  | WaitState
  | PassState
  | SucceedState
  | FailState;

interface AnyState {
  readonly Comment?: string;
  readonly QueryLanguage?: "JSONata";
}

interface Moving {
  readonly Next?: string;
  readonly End?: true;
  readonly Output?: Json;
  readonly Assign?: JsonObject;
}

interface Guarded {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface TaskState extends AnyState, Moving, Guarded {
  readonly Type: "Task";
  readonly Resource: string;
  readonly Arguments?: Json;
  /** A number, or an expression that yields one. */
  readonly TimeoutSeconds?: number | string;
  readonly HeartbeatSeconds?: number | string;
}

export interface ParallelState extends AnyState, Moving, Guarded {
  readonly Type: "Parallel";
  readonly Branches: readonly StateGroup[];
  readonly Arguments?: Json;
}

export interface MapState extends AnyState, Moving, Guarded {
  readonly Type: "Map";
  readonly ItemProcessor: StateGroup & { readonly ProcessorConfig?: { readonly Mode?: "INLINE" } };
  /** An array, or an expression that yields one; the state's input unless given. */
  readonly Items?: Json;
  readonly ItemSelector?: Json;
  readonly MaxConcurrency?: number | string;
}

export interface ChoiceState extends AnyState {
  readonly Type: "Choice";
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
  readonly Output?: Json;
  readonly Assign?: JsonObject;
}

export interface ChoiceRule {
  readonly Condition: boolean | string;
  readonly Next: string;
  readonly Output?: Json;
  readonly Assign?: JsonObject;
  readonly Comment?: string;
}

export interface WaitState extends AnyState, Moving {
  readonly Type: "Wait";
  readonly Seconds?: number | string;
  readonly Timestamp?: string;
}

export interface PassState extends AnyState, Moving {
  readonly Type: "Pass";
}

export interface SucceedState extends AnyState {
  readonly Type: "Succeed";
  readonly Output?: Json;
}

export interface FailState extends AnyState {
  readonly Type: "Fail";
  readonly Error?: string;
  readonly Cause?: string;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: "FULL" | "NONE";
  readonly Comment?: string;
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly Output?: Json;
  readonly Assign?: JsonObject;
  readonly Comment?: string;
}
