import type {
  AttributeDefinition,
  BillingMode,
  KeySchemaElement,
  TableDescription,
  TableStatus,
} from "@aws-sdk/client-dynamodb";
import type { Kernel } from "../../kernel/kernel.ts";
import { arnOf, type RegionContext } from "../../region-context.ts";
import type { Item } from "./attribute-value.ts";
import { itemSize } from "./item-size.ts";
import { ItemStore } from "./item-store.ts";
import { KeySchema } from "./key-schema.ts";
import { TimeToLive } from "./time-to-live.ts";

export interface TableSettings {
  readonly name: string;
  readonly attributeDefinitions: readonly AttributeDefinition[];
  readonly keySchema: readonly KeySchemaElement[];
  readonly billingMode: BillingMode;
  readonly deletionProtection: boolean;
  /** Encrypted under the AWS managed or a customer key rather than the AWS owned one. */
  readonly kmsEncrypted: boolean;
}

/** One table: its settings, its status and its items. */
export class Table {
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  readonly schema: KeySchema;
  readonly timeToLive: TimeToLive;
  readonly deletionProtection: boolean;
  status: TableStatus;
  readonly #settings: TableSettings;
  readonly #kernel: Kernel;
  readonly #createdAt: Date;
  readonly #items: ItemStore;
  readonly #random: Kernel["random"];

  constructor(
    context: RegionContext,
    random: Kernel["random"],
    settings: TableSettings,
    status: TableStatus,
  ) {
    this.name = settings.name;
    this.arn = arnOf(context, "dynamodb", `table/${settings.name}`);
    this.id = random.uuid();
    this.deletionProtection = settings.deletionProtection;
    this.schema = new KeySchema(settings.keySchema, settings.attributeDefinitions);
    this.status = status;
    this.#settings = settings;
    this.#kernel = context.kernel;
    this.#random = random;
    this.#createdAt = context.kernel.date();
    this.#items = new ItemStore(context.kernel, this.schema);
    this.timeToLive = new TimeToLive(context.kernel, random, this.schema, {
      items: () => this.#items.all(),
      expire: (item) => this.#expire(item),
    });
  }

  read(key: Item, moment?: number): Item | undefined {
    return this.#items.read(key, moment);
  }

  partition(partitionKey: Item[string], moment?: number): Item[] {
    return this.#items.partition(partitionKey, moment);
  }

  all(moment?: number): Item[] {
    return this.#items.all(moment);
  }

  compareInScan(a: Item, b: Item): number {
    return this.#items.compareInScan(a, b);
  }

  compareSortKeys(a: Item, b: Item): number {
    return this.#items.compareSortKeys(a, b);
  }

  /** The moment a read sees: now when strongly consistent, else up to a second ago, by chance. */
  momentOfRead(consistent: boolean | undefined): number | undefined {
    return this.#items.momentOfRead(consistent, this.#random);
  }

  write(key: Item, item: Item | undefined): void {
    this.#items.write(key, item);
    if (item !== undefined) this.timeToLive.watch(item);
  }

  describe(): TableDescription {
    const items = this.#items.all();
    return {
      TableName: this.name,
      TableArn: this.arn,
      TableId: this.id,
      TableStatus: this.status,
      CreationDateTime: this.#createdAt,
      AttributeDefinitions: [...this.#settings.attributeDefinitions],
      KeySchema: [...this.#settings.keySchema],
      BillingModeSummary: { BillingMode: this.#settings.billingMode },
      ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0, NumberOfDecreasesToday: 0 },
      DeletionProtectionEnabled: this.deletionProtection,
      ItemCount: items.length,
      TableSizeBytes: items.reduce((sum, item) => sum + itemSize(item), 0),
      ...(this.#settings.kmsEncrypted ? { SSEDescription: { Status: "ENABLED", SSEType: "KMS" } } : {}),
    };
  }

  #expire(item: Item): void {
    const key = this.schema.keyOf(item);
    if (this.#items.read(key) !== item) return;
    this.#items.write(key, undefined);
    this.#kernel.log.write("dynamodb", "item expired", { table: this.name });
  }
}
