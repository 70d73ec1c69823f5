import type { TimeToLiveDescription, TimeToLiveSpecification } from "@aws-sdk/client-dynamodb";
import type { Kernel } from "../../kernel/kernel.ts";
import type { Timer } from "../../kernel/timer-queue.ts";
import type { Item } from "./attribute-value.ts";
import type { KeySchema } from "./key-schema.ts";
import { validationError } from "./validation-error.ts";

/**
 * Time to live of one table: a background process that deletes items some time after they have expired.
 *
 * "DynamoDB typically deletes expired items within two days of expiration … Items that have expired and not
 * been deleted will still show up in reads, queries, and scans"; a change "can take up to one hour", during
 * which another is refused (API reference, UpdateTimeToLive). That more than five years of expiry protects an
 * item is from the developer guide; the text of "already enabled" is unverified.
 */
export class TimeToLive {
  readonly #kernel: Kernel;
  readonly #random: Kernel["random"];
  readonly #schema: KeySchema;
  readonly #table: ExpiringTable;
  readonly #timers = new Map<string, Timer>();
  #attribute: string | undefined;
  #enabled = false;
  #changing = false;

  constructor(kernel: Kernel, random: Kernel["random"], schema: KeySchema, table: ExpiringTable) {
    this.#kernel = kernel;
    this.#random = random;
    this.#schema = schema;
    this.#table = table;
  }

  describe(): TimeToLiveDescription {
    const settled = this.#enabled ? "ENABLED" : "DISABLED";
    const status = this.#changing ? (this.#enabled ? "ENABLING" : "DISABLING") : settled;
    return {
      TimeToLiveStatus: status,
      ...(this.#attribute === undefined ? {} : { AttributeName: this.#attribute }),
    };
  }

  update({ AttributeName: attribute, Enabled: enabled = false }: TimeToLiveSpecification): void {
    if (this.#changing) {
      throw validationError("Time to live has been modified multiple times within a fixed interval");
    }
    if (enabled === this.#enabled) {
      throw validationError(`TimeToLive is already ${enabled ? "enabled" : "disabled"}`);
    }
    this.#enabled = enabled;
    this.#changing = true;
    if (enabled) this.#attribute = attribute;
    this.#kernel.schedule(this.#random.between(0, HOUR_MS), () => {
      this.#changing = false;
      if (!enabled) this.#attribute = undefined;
      for (const item of this.#table.items()) this.watch(item);
    });
  }

  /** Arms the deletion of an item that was just written, in place of an earlier one for the same key. */
  watch(item: Item): void {
    const key = this.#schema.identity(item);
    this.#timers.get(key)?.cancel();
    this.#timers.delete(key);
    const expiresAt = this.#expiryOf(item);
    if (expiresAt === undefined || expiresAt < this.#kernel.now - FIVE_YEARS_MS) return;
    const wait = Math.max(0, expiresAt - this.#kernel.now) + this.#random.between(0, 48 * HOUR_MS);
    const timer = this.#kernel.schedule(wait, () => {
      this.#timers.delete(key);
      if (this.#enabled && !this.#changing) this.#table.expire(item);
    });
    this.#timers.set(key, timer);
  }

  /** Epoch milliseconds; only a Number attribute, in seconds, counts. */
  #expiryOf(item: Item): number | undefined {
    if (!this.#enabled || this.#changing || this.#attribute === undefined) return undefined;
    const seconds = Object.hasOwn(item, this.#attribute) ? item[this.#attribute]?.N : undefined;
    return seconds === undefined ? undefined : Number(seconds) * 1_000;
  }
}

export interface ExpiringTable {
  items(): readonly Item[];
  /** Deletes the item if it is still exactly this one. */
  expire(item: Item): void;
}

const HOUR_MS = 3_600_000;
const FIVE_YEARS_MS = 5 * 365 * 24 * HOUR_MS;
