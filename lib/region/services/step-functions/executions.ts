import { arnOf } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import { Execution } from "./execution.ts";
import { redriveStatus } from "./redrive-status.ts";
import { checkArn, checkName, type StateMachine } from "./state-machines.ts";
import type { StatesWorld } from "./states-world.ts";

/** All executions of the account, by ARN. */
export class Executions {
  readonly #world: StatesWorld;
  readonly #byArn = new Map<string, Execution>();
  readonly #redrives = new Map<Execution, { readonly token: string; readonly at: Date }[]>();

  constructor(world: StatesWorld) {
    this.#world = world;
  }

  /**
   * StartExecution. "If StartExecution is called with the same name and input as a running execution, the call
   * succeeds and returns the same response"; otherwise a name is taken until 90 days after its execution closed [SDK].
   */
  start(machine: StateMachine, name: string | undefined, input: string): Execution {
    const { context, random } = this.#world;
    const chosen = name ?? random.uuid();
    checkName(chosen);
    checkInput(input);
    const arn = arnOf(context, "states", `execution:${machine.name}:${chosen}`);
    const earlier = this.#byArn.get(arn);
    if (earlier?.status === "RUNNING" && earlier.facts.input === input) return earlier;
    if (earlier && !this.#nameIsFree(earlier)) {
      throw new AwsError("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);
    }
    const execution = new Execution(this.#world, machine, { arn, name: chosen, input });
    this.#byArn.set(arn, execution);
    return execution;
  }

  get(arn: string | undefined): Execution {
    checkArn(arn);
    // So the redrive of an Express execution is answered: its ARN says `express` [radkawar/stackd, redrive_execution.json].
    const type = arn.split(":")[5] ?? "";
    if (type !== "execution")
      throw new AwsError("InvalidArn", `Invalid Arn: 'Resource type not valid in this context: ${type}'`);
    const execution = this.#byArn.get(arn);
    if (!execution) throw new AwsError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
    return execution;
  }

  /**
   * RedriveExecution. "The API will return idempotent responses for the last 10 client tokens …, valid for up to 15
   * minutes" [SDK]: a token is looked at before the status, and a refusal uses none up [radkawar/stackd,
   * redrive_execution.json]. The quota behind `ExecutionLimitExceeded`, a million open executions, is not modelled.
   */
  redrive(arn: string | undefined, clientToken: string | undefined): Date {
    const execution = this.get(arn);
    const { now } = this.#world.context.kernel;
    const redrives = this.#redrives.get(execution) ?? [];
    const known = redrives.find(
      ({ token, at }) => token === clientToken && now - at.getTime() <= 15 * 60_000,
    );
    if (known) return known.at;
    const { redriveStatusReason } = redriveStatus(execution, now);
    if (redriveStatusReason !== undefined) {
      const sentence = `Execution ${execution.facts.arn} invalid for redrive as: ${redriveStatusReason}`;
      throw new AwsError("ExecutionNotRedrivable", sentence);
    }
    const at = execution.redrive();
    if (clientToken !== undefined)
      this.#redrives.set(execution, [...redrives, { token: clientToken, at }].slice(-10));
    return at;
  }

  /** The executions of one machine, newest first [SDK: ListExecutions "sorted by time, most recent first"]. */
  of(machine: StateMachine): readonly Execution[] {
    return [...this.#byArn.values()].filter((execution) => execution.machine === machine).reverse();
  }

  /** Every execution, oldest first. */
  all(): readonly Execution[] {
    return [...this.#byArn.values()];
  }

  /** How many states an execution has entered so far: its `*StateEntered` events, what Standard workflows are billed by. */
  transitionsOf(executionArn: string): number {
    return this.get(executionArn).history.transitions;
  }

  #nameIsFree({ stopDate }: Execution): boolean {
    const ninetyDaysMs = 90 * 24 * 3_600_000;
    return stopDate !== undefined && this.#world.context.kernel.now - stopDate.getTime() > ninetyDaysMs;
  }
}

/** The API's own limit on the member, so the answer of its validation (unverified; the limit is in the SDK's quota). */
const inputLimitBytes = 262_144;

function checkInput(input: string): void {
  if (Buffer.byteLength(input, "utf8") > inputLimitBytes) {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${inputLimitBytes}`,
    );
  }
  try {
    JSON.parse(input);
  } catch (error) {
    const reason = error instanceof Error && input !== "" ? error.message : "Invalid execution input.";
    throw new AwsError("InvalidExecutionInput", `Invalid State Machine Execution Input: '${reason}'`);
  }
}
