import * as z from "zod";
import { LockKey } from "./lock.ts";
import { Move } from "./plan.ts";
import { Verb } from "./vocabulary.ts";

/** What a component's Lambda is asked: carry this move out, one small step at a time. */
export const TickRequest = z.strictObject({
  rollbackId: z.string(),
  /** The lock that this rollback took. */
  lock: LockKey,
  /** The fencing number it took the lock under; every journal entry is conditional on it. */
  fence: z.number().int(),
  /** How often the execution was redriven: its functions are told apart from those that outlived a stop. */
  redrives: z.number().int().min(0),
  move: Move,
  /** The part of the move to carry out now, in this order. */
  verbs: z.array(Verb).min(1),
  /** Answer after one tick, also when there is more to wait for: a preparation is only started. */
  once: z.boolean().default(false),
});

/**
 * How a component answers: still `working` (come again after `waitSeconds`), `done`, or `failed` with a code and a
 * reason. Expected bad news is data; exceptions are for bugs and for AWS trouble that a retry may cure.
 */
export const Tick = z.discriminatedUnion("status", [
  z.strictObject({
    status: z.literal("working"),
    component: z.string(),
    verb: Verb,
    note: z.string(),
    waitSeconds: z.number().int().min(1),
  }),
  z.strictObject({ status: z.literal("done"), component: z.string(), verb: Verb, note: z.string() }),
  z.strictObject({
    status: z.literal("failed"),
    component: z.string(),
    verb: Verb,
    code: z.string(),
    note: z.string(),
    /** Whether users may see a difference: false when the component failed before anything was changed. */
    touched: z.boolean(),
  }),
]);

/**
 * Whether a component never answered, whatever was tried: then the code is the name of an error, like `AwsBusy`, and how
 * far it came nobody knows. Codes of components' own (`FAILURES`) are in capitals.
 */
export const isUnanswered = (tick: Tick): boolean => tick.status === "failed" && /[a-z]/.test(tick.code);

export type TickRequest = z.infer<typeof TickRequest>;
export type Tick = z.infer<typeof Tick>;
