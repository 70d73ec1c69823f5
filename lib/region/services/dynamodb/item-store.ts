import { createHash } from "node:crypto";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Kernel } from "../../kernel/kernel.ts";
import { compareValues, type Item } from "./attribute-value.ts";
import { type KeySchema, keyText } from "./key-schema.ts";

/** How long an eventually consistent read may miss a write, virtual milliseconds. */
const STALENESS_MS = 1_000;

/**
 * The items of one table with a second of their past.
 *
 * "Eventually consistent reads … may not reflect the results of a recently completed write operation"
 * (developer guide, "DynamoDB read consistency"); that this passes within a second is AWS's older wording,
 * the bound is a model.
 */
export class ItemStore {
  readonly #kernel: Kernel;
  readonly #schema: KeySchema;
  readonly #partitions = new Map<string, Map<string, Version[]>>();

  constructor(kernel: Kernel, schema: KeySchema) {
    this.#kernel = kernel;
    this.#schema = schema;
  }

  /** The item as it was at `moment`; as it is now unless told. */
  read(key: Item, moment?: number): Item | undefined {
    const versions = this.#partitions.get(this.#partitionText(key))?.get(this.#sortText(key));
    return versions === undefined ? undefined : itemAt(versions, moment);
  }

  /** Replaces the item, or with undefined deletes it. */
  write(key: Item, item: Item | undefined): void {
    const partitionText = this.#partitionText(key);
    const partition = this.#partitions.get(partitionText) ?? new Map<string, Version[]>();
    this.#partitions.set(partitionText, partition);
    const sortText = this.#sortText(key);
    const now = this.#kernel.now;
    const past = partition.get(sortText) ?? [];
    const oldestNeeded = past.findLastIndex(({ at }) => at < now - STALENESS_MS);
    partition.set(sortText, [...past.slice(Math.max(0, oldestNeeded)), { at: now, item }]);
  }

  /**
   * The items of one partition by sort key: strings by UTF-8 bytes, numbers by value, binaries by unsigned
   * bytes.
   */
  partition(partitionKey: AttributeValue, moment?: number): Item[] {
    const items = live(this.#partitions.get(keyText(partitionKey)), moment);
    return items.sort((a, b) => this.compareSortKeys(a, b));
  }

  /** Every item in the order of a scan. */
  all(moment?: number): Item[] {
    const items = [...this.#partitions.values()].flatMap((partition) => live(partition, moment));
    const places = new Map(items.map((item) => [item, hash(this.#partitionText(item))] as const));
    return items.sort(
      (a, b) =>
        Buffer.compare(places.get(a) ?? NOWHERE, places.get(b) ?? NOWHERE) || this.compareSortKeys(a, b),
    );
  }

  /** The order of a scan: partitions by a hash of their key, so nobody can rely on it, then by sort key. */
  compareInScan(a: Item, b: Item): number {
    return (
      Buffer.compare(hash(this.#partitionText(a)), hash(this.#partitionText(b))) || this.compareSortKeys(a, b)
    );
  }

  compareSortKeys(a: Item, b: Item): number {
    const name = this.#schema.sort?.name ?? "";
    const [left, right] = [a[name], b[name]];
    return left && right ? (compareValues(left, right) ?? 0) : 0;
  }

  /** The moment that an eventually consistent read sees; undefined (now) for a strongly consistent one. */
  momentOfRead(consistent: boolean | undefined, random: Kernel["random"]): number | undefined {
    if (consistent) return undefined;
    return random.chance(0.2) ? this.#kernel.now - random.between(1, STALENESS_MS) : undefined;
  }

  #partitionText(key: Item): string {
    return keyText(key[this.#schema.partition.name]);
  }

  #sortText(key: Item): string {
    return this.#schema.sort === undefined ? "" : keyText(key[this.#schema.sort.name]);
  }
}

interface Version {
  readonly at: number;
  readonly item: Item | undefined;
}

function itemAt(versions: readonly Version[], moment: number | undefined): Item | undefined {
  return versions.findLast(({ at }) => moment === undefined || at <= moment)?.item;
}

function live(partition: ReadonlyMap<string, readonly Version[]> | undefined, moment?: number): Item[] {
  const items = [...(partition?.values() ?? [])].map((versions) => itemAt(versions, moment));
  return items.filter((item) => item !== undefined);
}

const NOWHERE = Buffer.alloc(0);

function hash(partitionText: string): Buffer {
  return createHash("md5").update(partitionText).digest();
}
