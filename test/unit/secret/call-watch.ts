import type { MetadataBearer, MiddlewareStack } from "@smithy/types";

/** How a call fails: before AWS sees it, or after it was carried out. */
export type Effect = "refused" | "lost-reply" | "throttled";

/** Sees every call of some clients by its operation, strikes some of them, and lets others happen in between. */
export class CallWatch {
  /** Operations that reached AWS, in order. */
  readonly operations: string[] = [];
  /** By the number of the call. */
  readonly strikes = new Map<number, Effect>();
  /** The next call of an operation. */
  readonly next = new Map<string, Effect>();
  /** Happens right before the next call of an operation, once. */
  readonly before = new Map<string, () => Promise<unknown>>();
  #count = 0;

  watch<Input extends object, Output extends MetadataBearer>({
    middlewareStack,
  }: {
    readonly middlewareStack: MiddlewareStack<Input, Output>;
  }): void {
    middlewareStack.add(
      (next, { commandName = "" }) =>
        async (request) => {
          const operation = commandName.replace(/Command$/, "");
          const effect = this.next.get(operation) ?? this.strikes.get(this.#count);
          this.next.delete(operation);
          this.#count++;
          const first = this.before.get(operation);
          this.before.delete(operation);
          await first?.();
          if (effect === "refused") throw broken("ECONNREFUSED");
          if (effect === "throttled")
            throw Object.assign(new Error("Rate exceeded"), { name: "ThrottlingException" });
          this.operations.push(operation);
          const reply = await next(request);
          if (effect === "lost-reply") throw broken("ECONNRESET");
          return reply;
        },
      { step: "initialize", name: "watch" },
    );
  }

  /** How many calls there were, with those that never reached AWS. */
  get begun(): number {
    return this.#count;
  }

  times(operation: string): number {
    return this.operations.filter((one) => one === operation).length;
  }
}

function broken(code: string): Error {
  return Object.assign(new Error(code), { code });
}
