import type { HistoryEventType } from "@aws-sdk/client-sfn";
import type { State } from "./definition.ts";
import type { EventDetails } from "./execution-history.ts";
import type { ExpressionError, StatesVariable } from "./expression.ts";
import type { Interpreter, InterpreterHost } from "./interpreter.ts";
import type { Json, JsonObject } from "./json.ts";
import { isJsonObject } from "./json.ts";
import { type Lifeline, Stopped } from "./lifeline.ts";
import { StatesError } from "./states-error.ts";
import { evaluateTemplate } from "./template.ts";
import type { Thread, Visit } from "./thread.ts";

/** How a state ends when it ends well. */
export interface Exit {
  readonly output: Json;
  readonly assigned: JsonObject;
  /** The next state; undefined when the thread ends here. */
  readonly next: string | undefined;
}

/** What a state has beside its input when its fields are evaluated. */
export interface Extras {
  readonly result?: Json;
  readonly errorOutput?: Json;
  readonly retryCount?: number;
  readonly taskToken?: string;
  /** `$states.context.Map` while ItemSelector is evaluated. */
  readonly map?: JsonObject;
}

/** One visit of one state: its input, its events, its expressions, its lifeline. */
export class StateRun<S extends State = State> {
  readonly interpreter: Interpreter;
  readonly thread: Thread;
  readonly visit: Visit;
  readonly state: S;
  readonly line: Lifeline;

  constructor(interpreter: Interpreter, thread: Thread, visit: Visit, state: S, line: Lifeline) {
    this.interpreter = interpreter;
    this.thread = thread;
    this.visit = visit;
    this.state = state;
    this.line = line;
  }

  get host(): InterpreterHost {
    return this.interpreter.host;
  }

  get name(): string {
    return this.visit.state;
  }

  /** Notes an event as this thread's next, or as the successor of another event. */
  note(
    type: HistoryEventType,
    details: EventDetails = {},
    previousEventId = this.thread.lastEventId,
  ): number {
    if (this.line.stopped) throw new Stopped();
    this.thread.lastEventId = this.host.history.add(type, previousEventId, details);
    return this.thread.lastEventId;
  }

  /** The same visit on a narrower lifeline. */
  on(line: Lifeline): StateRun<S> {
    return new StateRun(this.interpreter, this.thread, this.visit, this.state, line);
  }

  /** Evaluates one field of the state. A failing expression is noted and fails the state. */
  async evaluate(template: Json, field: string, extras: Extras = {}): Promise<Json> {
    const scope = { states: this.#statesVariable(extras), variables: this.thread.variables.visible() };
    const fail = (error: ExpressionError, path: string) =>
      this.queryFailure(
        `The JSONata expression '${error.source}' specified for the field '${path}' ${error.message}`,
        path,
      );
    return this.line.guard(evaluateTemplate(template, field, scope, this.host.evaluator, fail));
  }

  /** Evaluates an object field such as `Assign`. */
  async evaluateObject(
    template: JsonObject | undefined,
    field: string,
    extras: Extras = {},
  ): Promise<JsonObject> {
    const value = await this.evaluate(template ?? {}, field, extras);
    return isJsonObject(value) ? value : {};
  }

  /** Evaluates a field that must be a whole number from 0 on, such as `TimeoutSeconds`. */
  async evaluateSeconds(template: Json, field: string, extras: Extras = {}): Promise<number> {
    const value = await this.evaluate(template, field, extras);
    if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= longestSeconds)
      return value;
    throw this.wrongType(template, field, "integer", value);
  }

  /** The failure of an expression that gave something else than its field takes. */
  wrongType(template: Json, field: string, expected: string, value: Json): StatesError {
    const source =
      typeof template === "string" ? template.replace(/^\{%\s*|\s*%\}$/g, "") : JSON.stringify(template);
    return this.queryFailure(
      `The JSONata expression '${source}' specified for the field '${field}' returned an unexpected result type. ` +
        `Expected '${expected}', but was '${jsonType(value)}' for value: ${JSON.stringify(value)}`,
      field,
    );
  }

  /**
   * Notes `EvaluationFailed` and gives the error. As long as nothing else happened in the state, AWS lets the event
   * follow the one before StateEntered [localstack AWS snapshots].
   */
  queryFailure(message: string, location: string, previous = this.#eventBeforeFailure()): StatesError {
    const failure = new StatesError("States.QueryEvaluationError", this.explain(message));
    const evaluationFailedEventDetails = { ...failure.details, location, state: this.name };
    this.note("EvaluationFailed", { evaluationFailedEventDetails }, previous);
    return failure;
  }

  /** AWS's opening of every cause that names a state. */
  explain(message: string): string {
    const { enteredEventId } = this.visit;
    return `An error occurred while executing the state '${this.name}' (entered at the event id #${enteredEventId}). ${message}`;
  }

  #eventBeforeFailure(): number {
    const { enteredEventId, eventIdBefore } = this.visit;
    return this.thread.lastEventId === enteredEventId ? eventIdBefore : this.thread.lastEventId;
  }

  #statesVariable({ result, errorOutput, retryCount = 0, taskToken, map }: Extras): StatesVariable {
    const { state: Name, enteredTime: EnteredTime, input } = this.visit;
    const context: JsonObject = {
      ...this.host.context(),
      State: { EnteredTime, Name, RetryCount: retryCount },
      ...(taskToken !== undefined && { Task: { Token: taskToken } }),
      ...((map ?? this.thread.map) && { Map: map ?? this.thread.map ?? {} }),
    };
    return {
      input,
      context,
      ...(result !== undefined && { result }),
      ...(errorOutput !== undefined && { errorOutput }),
    };
  }
}

/** [AWS Task and Wait pages: "a positive integer value from 0 to 99999999"] */
export const longestSeconds = 99_999_999;

function jsonType(value: Json): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
