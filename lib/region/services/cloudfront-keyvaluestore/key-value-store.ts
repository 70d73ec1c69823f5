import type { Kernel } from "../../kernel/kernel.ts";
import { AwsError } from "../../service-model.ts";

/** How long a change of a store takes to reach an edge location, seconds. */
export interface PropagationSeconds {
  readonly from: number;
  readonly to: number;
}

export interface Changes {
  readonly puts: readonly { readonly key: string; readonly value: string }[];
  readonly deletes: readonly string[];
}

interface Generation {
  /** When it was written, epoch milliseconds. */
  readonly at: number;
  readonly items: ReadonlyMap<string, string>;
  readonly propagation: PropagationSeconds;
}

/**
 * One key value store. Whoever calls the API reads what was written last; an edge location reads what has reached it,
 * each at its own time, and never goes back to an older state.
 */
export class KeyValueStore {
  readonly arn: string;
  readonly created: Date;
  /** For drills. A rollback counts on "seconds to low tens of seconds" (docs/facts/frontend-secrets-config.md §A.0). */
  propagation: PropagationSeconds = { from: 2, to: 20 };
  readonly #kernel: Kernel;
  readonly #etags: Kernel["random"];
  /** Never drawn from, only forked: an edge's delay hangs on the change and the edge, not on who asks first. */
  readonly #delays: Kernel["random"];
  readonly #generations: [Generation, ...Generation[]];
  #etag: string;

  constructor(kernel: Kernel, random: Kernel["random"], arn: string, items: ReadonlyMap<string, string>) {
    this.arn = arn;
    this.created = kernel.date();
    this.#kernel = kernel;
    this.#etags = random.fork("etags");
    this.#delays = random.fork("delays");
    checkSizes(items);
    // What the store was made with is everywhere.
    this.#generations = [{ at: kernel.now, items: new Map(items), propagation: { from: 0, to: 0 } }];
    this.#etag = this.#newEtag();
  }

  get etag(): string {
    return this.#etag;
  }

  get items(): ReadonlyMap<string, string> {
    return this.#newest.items;
  }

  get lastModified(): Date {
    return new Date(this.#newest.at);
  }

  get totalSizeInBytes(): number {
    return sizeOf(this.items);
  }

  /** All or nothing. The ETag is that of the whole store: any change in between makes it stale. */
  change({ puts, deletes }: Changes, ifMatch: string): void {
    if (ifMatch !== this.#etag) {
      throw new AwsError("ConflictException", "Resource is not in expected state. Check the ETag.");
    }
    const items = new Map(this.items);
    for (const key of deletes) {
      if (!items.delete(key)) throw noSuchKey();
    }
    for (const { key, value } of puts) items.set(key, value);
    checkSizes(items);
    this.#generations.push({ at: this.#kernel.now, items, propagation: this.propagation });
    this.#etag = this.#newEtag();
  }

  value(key: string): string {
    const value = this.items.get(key);
    if (value === undefined) throw noSuchKey();
    return value;
  }

  /** What a function at that edge location reads now. */
  at(edge: string): ReadonlyMap<string, string> {
    const arrived = this.#generations.findLast(({ at, propagation: { from, to } }, index) => {
      const delay = this.#delays.fork(`${index} ${edge}`).between(from, to);
      return at + delay * 1_000 <= this.#kernel.now;
    });
    return (arrived ?? this.#generations[0]).items;
  }

  get #newest(): Generation {
    return this.#generations.at(-1) ?? this.#generations[0];
  }

  #newEtag(): string {
    return `KV${this.#etags.hex(12).toUpperCase()}`;
  }
}

/** 512 bytes a key, 1 KB a value, 5 MB a store (docs/facts/frontend-secrets-config.md §A.2); the codes are unverified. */
function checkSizes(items: ReadonlyMap<string, string>): void {
  for (const [key, value] of items) {
    if (key === "" || Buffer.byteLength(key) > 512) throw invalid("Key must have 1 to 512 bytes");
    if (Buffer.byteLength(value) > 1_024) throw invalid("Value must have at most 1024 bytes");
  }
  if (sizeOf(items) > 5 * 1_024 * 1_024) {
    throw new AwsError(
      "ServiceQuotaExceededException",
      "The key value store exceeds its maximum size of 5 MB",
    );
  }
}

function sizeOf(items: ReadonlyMap<string, string>): number {
  let size = 0;
  for (const [key, value] of items) size += Buffer.byteLength(key) + Buffer.byteLength(value);
  return size;
}

function noSuchKey(): AwsError {
  return new AwsError("ResourceNotFoundException", "The key was not found");
}

export function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
