import type { DescribeExecutionOutput, ExecutionStatus } from "@aws-sdk/client-sfn";
import type { Timer } from "../../kernel/timer-queue.ts";
import { ExecutionHistory, historyFull } from "../../states-language/execution-history.ts";
import { Interpreter } from "../../states-language/interpreter.ts";
import type { JsonObject } from "../../states-language/json.ts";
import { Lifeline, Stopped } from "../../states-language/lifeline.ts";
import { StatesError } from "../../states-language/states-error.ts";
import { Thread } from "../../states-language/thread.ts";
import { announce } from "./announcement.ts";
import { type Ending, endings } from "./endings.ts";
import { longestExecutionMs, redriveStatus } from "./redrive-status.ts";
import type { StateMachine } from "./state-machines.ts";
import type { StatesWorld } from "./states-world.ts";

interface ExecutionFacts {
  readonly arn: string;
  readonly name: string;
  /** JSON text, as it was given. */
  readonly input: string;
}

/** One execution: started, running in virtual time, ended one of four ways, perhaps redriven. */
export class Execution {
  readonly facts: ExecutionFacts;
  readonly machine: StateMachine;
  readonly history: ExecutionHistory;
  readonly startDate: Date;
  status: ExecutionStatus = "RUNNING";
  stopDate: Date | undefined;
  ending: Ending | undefined;
  redriveCount = 0;
  redriveDate: Date | undefined;
  readonly #world: StatesWorld;
  readonly #interpreter: Interpreter;
  readonly #thread: Thread;
  #line: Lifeline;
  #timeout: Timer | undefined;

  constructor(world: StatesWorld, machine: StateMachine, facts: ExecutionFacts) {
    const { kernel } = world.context;
    this.#world = world;
    this.machine = machine;
    this.facts = facts;
    this.startDate = kernel.date();
    this.history = new ExecutionHistory(
      () => kernel.date(),
      () => this.#end("FAILED", historyFull, this.history.events.length),
    );
    // The first state follows event 0, not ExecutionStarted [localstack AWS snapshots].
    this.#thread = new Thread({ group: machine.definition, input: JSON.parse(facts.input), lastEventId: 0 });
    this.#line = new Lifeline(kernel);
    this.#interpreter = this.#makeInterpreter();
    const { input } = facts;
    this.history.add("ExecutionStarted", 0, {
      executionStartedEventDetails: { input, inputDetails: { truncated: false }, roleArn: machine.roleArn },
    });
    this.#log("execution started");
    this.#run();
  }

  /** StopExecution. What is over stays as it is. */
  stop(error: string | undefined, cause: string | undefined): Date {
    const details = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
    if (this.status === "RUNNING") this.#end("ABORTED", details, 0);
    return this.stopDate ?? this.startDate;
  }

  /** Goes on where the execution stood; the caller has checked that it may. */
  redrive(): Date {
    const { kernel } = this.#world.context;
    this.redriveCount++;
    this.redriveDate = kernel.date();
    this.status = "RUNNING";
    this.stopDate = undefined;
    this.ending = undefined;
    this.#line = new Lifeline(kernel);
    this.#thread.resume(this.history.reopen(this.redriveCount));
    this.#log("execution redriven");
    this.#run();
    return this.redriveDate;
  }

  /** The members that DescribeExecution, ListExecutions and the status change events have in common. */
  describe(): Omit<DescribeExecutionOutput, "$metadata"> {
    const { arn: executionArn, name, input } = this.facts;
    return {
      executionArn,
      stateMachineArn: this.machine.arn,
      name,
      status: this.status,
      startDate: this.startDate,
      stopDate: this.stopDate,
      input,
      inputDetails: { included: true },
      ...(this.ending && "output" in this.ending && { outputDetails: { included: true } }),
      ...this.ending,
      redriveCount: this.redriveCount,
      redriveDate: this.redriveDate,
      ...redriveStatus(this, this.#world.context.kernel.now),
    };
  }

  #run(): void {
    const { kernel } = this.#world.context;
    const line = this.#line;
    // After a redrive "the state machine level timeout … is reset to 0" [redrive page]; the year counts from the start.
    const { TimeoutSeconds = Number.POSITIVE_INFINITY } = this.machine.definition;
    const leftMs = this.startDate.getTime() + longestExecutionMs - kernel.now;
    this.#timeout = kernel.schedule(Math.min(TimeoutSeconds * 1_000, leftMs), () =>
      this.#end("TIMED_OUT", {}, 0),
    );
    announce(this.#world.context, this);
    kernel.launch(`execution ${this.facts.name}`, async () => {
      try {
        await this.#interpreter.run(this.#thread, line);
        if (line.stopped) return;
        const output = JSON.stringify(this.#thread.outcome?.output ?? null);
        this.#end("SUCCEEDED", { output }, this.#thread.lastEventId);
      } catch (error) {
        if (error instanceof Stopped || line.stopped) return;
        if (!(error instanceof StatesError)) throw error;
        this.#end("FAILED", error.details, this.#thread.lastEventId);
      }
    });
  }

  #end(status: keyof typeof endings, ending: Ending, previousEventId: number): void {
    this.#timeout?.cancel();
    this.#line.stop();
    this.status = status;
    this.stopDate = this.#world.context.kernel.date();
    this.ending = ending;
    const { type, details } = endings[status];
    this.history.close(type, previousEventId, details(ending));
    this.#log("execution ended");
    announce(this.#world.context, this);
  }

  #makeInterpreter(): Interpreter {
    const { context, random, tokens, evaluator, integrations } = this.#world;
    const { machine, facts, history } = this;
    const principal = {
      type: "role",
      arn: machine.roleArn,
      session: facts.name,
      sourceArn: machine.arn,
    } as const;
    return new Interpreter({
      kernel: context.kernel,
      region: context.region,
      random,
      tokens,
      evaluator,
      integrations,
      history,
      context: () => this.#contextObject(),
      onStateEntered: (state, type) => {
        context.kernel.log.write("states", "state entered", {
          machine: machine.name,
          execution: facts.name,
          state,
          type,
        });
      },
      taskContext: {
        executionArn: facts.arn,
        stateMachineArn: machine.arn,
        requestId: () => random.uuid(),
        call: (service, operation, input) => context.call(principal, service, operation, input),
      },
    });
  }

  /** [AWS context object page; localstack AWS snapshots] */
  #contextObject(): JsonObject {
    return {
      Execution: {
        Id: this.facts.arn,
        Input: JSON.parse(this.facts.input),
        Name: this.facts.name,
        RoleArn: this.machine.roleArn,
        StartTime: this.startDate.toISOString(),
        RedriveCount: this.redriveCount,
        ...(this.redriveDate && { RedriveTime: this.redriveDate.toISOString() }),
      },
      StateMachine: { Id: this.machine.arn, Name: this.machine.name },
    };
  }

  #log(event: string): void {
    const facts = { machine: this.machine.name, execution: this.facts.name, status: this.status };
    this.#world.context.kernel.log.write("states", event, facts);
  }
}
