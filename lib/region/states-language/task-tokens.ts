import type { Random } from "../kernel/random.ts";
import { AwsError } from "../service-model.ts";
import type { Json } from "./json.ts";
import type { StatesError } from "./states-error.ts";

/** A task that waits for somebody to call back with its token. */
export interface TokenWait {
  readonly outcome: Promise<{ readonly output: Json } | { readonly failure: StatesError }>;
  /** Told at every heartbeat. */
  onHeartbeat(listener: () => void): void;
}

interface OpenToken {
  readonly stateMachineArn: string;
  readonly settle: (outcome: { readonly output: Json } | { readonly failure: StatesError }) => void;
  readonly listeners: (() => void)[];
}

/**
 * The task tokens of all executions.
 *
 * A token that was never issued is `InvalidToken` [localstack AWS snapshot `…_no_such_token`]; one whose task is over
 * (succeeded, failed, timed out, its execution ended) is `TaskTimedOut` [SDK: "The task token has either expired or
 * the task associated with the token has already been closed"]. `TaskDoesNotExist` is AWS's answer for activities
 * that are gone, which are not modelled.
 */
export class TaskTokens {
  readonly #random: Random;
  readonly #open = new Map<string, OpenToken>();
  /** The machines of tasks that are over, by token: a token says where it came from for ever. */
  readonly #closed = new Map<string, string>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** A fresh token, open until `close`. */
  issue(stateMachineArn: string): { readonly token: string; readonly wait: TokenWait } {
    // AWS's tokens are opaque base64 of several hundred characters, up to 2,048 [SDK].
    const token = Buffer.from(this.#random.hex(480), "hex").toString("base64");
    const listeners: (() => void)[] = [];
    const outcome: TokenWait["outcome"] = new Promise((settle) => {
      this.#open.set(token, { stateMachineArn, settle, listeners });
    });
    return { token, wait: { outcome, onHeartbeat: (listener) => listeners.push(listener) } };
  }

  /** The machine whose task waits, or waited, for this token. */
  ownerOf(token: string): string | undefined {
    return this.#open.get(token)?.stateMachineArn ?? this.#closed.get(token);
  }

  close(token: string): void {
    const open = this.#open.get(token);
    if (open && this.#open.delete(token)) this.#closed.set(token, open.stateMachineArn);
  }

  succeed(token: string, output: Json): void {
    this.#take(token).settle({ output });
  }

  fail(token: string, failure: StatesError): void {
    this.#take(token).settle({ failure });
  }

  heartbeat(token: string): void {
    for (const listener of this.#find(token).listeners) listener();
  }

  #take(token: string): OpenToken {
    const open = this.#find(token);
    this.close(token);
    return open;
  }

  #find(token: string): OpenToken {
    const open = this.#open.get(token);
    if (open) return open;
    if (this.#closed.has(token)) {
      throw new AwsError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
    }
    throw new AwsError("InvalidToken", "Invalid Token: 'Invalid token'");
  }
}
