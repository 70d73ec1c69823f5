import type { Kernel } from "../kernel/kernel.ts";
import type { Random } from "../kernel/random.ts";
import type { FailState, PassState, State, SucceedState } from "./definition.ts";
import type { ExecutionHistory } from "./execution-history.ts";
import type { ExpressionEvaluator } from "./expression.ts";
import type { TaskContext } from "./integrations/integration.ts";
import type { IntegrationCatalogue } from "./integrations/integration-catalogue.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Lifeline } from "./lifeline.ts";
import { runChoice } from "./run-choice.ts";
import { runMap } from "./run-map.ts";
import { runParallel } from "./run-parallel.ts";
import { runTask } from "./run-task.ts";
import { runWait } from "./run-wait.ts";
import { type Exit, StateRun } from "./state-run.ts";
import { fitting, StatesError } from "./states-error.ts";
import type { TaskTokens } from "./task-tokens.ts";
import type { Thread, Visit } from "./thread.ts";
import { assignedDetails } from "./variable-scope.ts";

/** What an execution gives to its interpreter. */
export interface InterpreterHost {
  readonly kernel: Kernel;
  readonly random: Random;
  readonly region: string;
  readonly history: ExecutionHistory;
  readonly evaluator: ExpressionEvaluator;
  readonly integrations: IntegrationCatalogue;
  readonly tokens: TaskTokens;
  readonly taskContext: TaskContext;
  /** `$states.context` without the parts that belong to a state. */
  context(): JsonObject;
  onStateEntered(name: string, type: State["Type"]): void;
}

/**
 * Milliseconds from one state to the next, drawn anew every time. The published gap between two Lambda states of a
 * Standard workflow is 100–160 ms warm, bookkeeping of both functions included (SeBS-Flow, EuroSys'25;
 * docs/facts/performance-reliability.md A1); the share of the service itself is set below that.
 */
const transitionMs = { from: 20, to: 60 } as const;

/**
 * Walks threads through their states: enter, run, leave, until a state ends the thread or fails it.
 *
 * A thread that stands in a state already (because an earlier attempt ended there) goes on with that state, without
 * entering it again: what a redrive does.
 */
export class Interpreter {
  readonly host: InterpreterHost;

  constructor(host: InterpreterHost) {
    this.host = host;
  }

  /** @throws StatesError when a state fails and nothing handles it; Stopped when the lifeline ends */
  async run(thread: Thread, line: Lifeline): Promise<void> {
    while (!thread.outcome) {
      const visit = thread.visit ?? (await this.#enter(thread, line));
      const run = new StateRun(this, thread, visit, stateIn(thread, visit.state), line);
      this.#leave(run, await runState(run));
    }
  }

  async #enter(thread: Thread, line: Lifeline): Promise<Visit> {
    await line.sleep(this.host.random.integer(transitionMs.from, transitionMs.to));
    const { state: name, input } = thread.upcoming;
    const { Type } = stateIn(thread, name);
    const eventIdBefore = thread.lastEventId;
    const stateEnteredEventDetails = {
      name,
      input: JSON.stringify(input),
      inputDetails: { truncated: false },
    };
    const enteredEventId = this.host.history.add(`${Type}StateEntered`, eventIdBefore, {
      stateEnteredEventDetails,
    });
    thread.lastEventId = enteredEventId;
    const enteredTime = this.host.kernel.date().toISOString();
    const visit = { state: name, input, enteredEventId, eventIdBefore, enteredTime };
    thread.visit = visit;
    this.host.onStateEntered(name, Type);
    return visit;
  }

  #leave({ thread, name, state }: StateRun, { output, assigned, next }: Exit): void {
    fitting(output, name);
    thread.variables.assign(assigned, name);
    const stateExitedEventDetails = {
      name,
      output: JSON.stringify(output),
      outputDetails: { truncated: false },
      ...assignedDetails(assigned),
    };
    // A Fail state never exits: it throws.
    if (state.Type !== "Fail") {
      const type = `${state.Type}StateExited` as const;
      thread.lastEventId = this.host.history.add(type, thread.lastEventId, { stateExitedEventDetails });
    }
    thread.leave(output, next);
  }
}

function runState(run: StateRun): Promise<Exit> {
  const { interpreter, thread, visit, state, line } = run;
  const as = <S extends State>(narrowed: S) => new StateRun(interpreter, thread, visit, narrowed, line);
  switch (state.Type) {
    case "Task":
      return runTask(as(state));
    case "Parallel":
      return runParallel(as(state));
    case "Map":
      return runMap(as(state));
    case "Choice":
      return runChoice(as(state));
    case "Wait":
      return runWait(as(state));
    case "Pass":
      return runPass(as(state));
    case "Succeed":
      return runSucceed(as(state));
    case "Fail":
      return runFail(as(state));
  }
}

async function runPass(run: StateRun<PassState>): Promise<Exit> {
  const { Output, Assign, Next } = run.state;
  const output = Output === undefined ? run.visit.input : await run.evaluate(Output, "Output");
  return { output, assigned: await run.evaluateObject(Assign, "Assign"), next: Next };
}

async function runSucceed(run: StateRun<SucceedState>): Promise<Exit> {
  const { Output } = run.state;
  const output = Output === undefined ? run.visit.input : await run.evaluate(Output, "Output");
  return { output, assigned: {}, next: undefined };
}

async function runFail(run: StateRun<FailState>): Promise<never> {
  const text = async (template: Json | undefined, field: string): Promise<string | undefined> => {
    if (template === undefined) return undefined;
    const value = await run.evaluate(template, field);
    if (typeof value !== "string") throw run.wrongType(template, field, "string", value);
    return value;
  };
  throw new StatesError(await text(run.state.Error, "Error"), await text(run.state.Cause, "Cause"));
}

function stateIn(thread: Thread, name: string): State {
  const state = thread.group.States[name];
  if (!state)
    throw new Error(`The definition has no state '${name}'; the static check lets no such definition run`);
  return state;
}
