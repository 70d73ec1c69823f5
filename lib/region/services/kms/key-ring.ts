import type { Random } from "../../kernel/random.ts";
import { arnOf, type RegionContext } from "../../region-context.ts";
import type { Permission } from "../../service-model.ts";

/**
 * The states of a key that its users can meet; `Enabled` is the only one in which it encrypts or decrypts.
 */
export type KeyState = "Enabled" | "Disabled" | "PendingDeletion";

export interface Key {
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly description: string;
  /** `AWS` for the keys that a service makes for itself, such as `alias/aws/ssm`. */
  readonly manager: "CUSTOMER" | "AWS";
  readonly aliases: Set<string>;
  readonly tags: Map<string, string>;
  state: KeyState;
  /** Epoch milliseconds; only while the deletion is pending. */
  deletionAt?: number;
}

export interface NewKey {
  /** With its prefix: `alias/app`. */
  readonly alias?: string;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Epoch milliseconds. @default now */
  readonly createdAt?: number;
}

/** For whom a service uses a key: what the key's policy sees of it. */
export interface KeyUse {
  /** The service's DNS prefix: `secretsmanager`, `ssm`. */
  readonly service: string;
  readonly encryptionContext: Readonly<Record<string, string>>;
}

/** The keys of the account in this region, and the leave to use them that other services ask for. */
export class KeyRing {
  readonly #context: RegionContext;
  readonly #random: Random;
  /** By ARN. */
  readonly #keys = new Map<string, Key>();

  constructor(context: RegionContext) {
    this.#context = context;
    this.#random = context.kernel.random.fork("kms");
  }

  create({ alias, description, tags, createdAt }: NewKey, manager: Key["manager"] = "CUSTOMER"): Key {
    const id = this.#random.uuid();
    const key: Key = {
      id,
      arn: arnOf(this.#context, "kms", `key/${id}`),
      createdAt: createdAt ?? this.#context.kernel.now,
      description: description ?? "",
      manager,
      aliases: new Set(alias === undefined ? [] : [alias]),
      tags: new Map(Object.entries(tags ?? {})),
      state: "Enabled",
    };
    this.#keys.set(key.arn, key);
    return key;
  }

  /**
   * A key by id, ARN, alias or alias ARN. A service's own key (`alias/aws/…`) appears when it is first asked
   * for.
   */
  find(keyId: string): Key | undefined {
    const name = keyId.replace(/^arn:aws:kms:[^:]*:[^:]*:/, "");
    const found = [...this.#keys.values()].find(
      ({ id, aliases }) => name === id || name === `key/${id}` || aliases.has(name),
    );
    if (found || !name.startsWith("alias/aws/")) return found;
    return this.create({ alias: name, description: "Default key that protects the service's data" }, "AWS");
  }

  /** The key's ARN; undefined when there is no such key. */
  arnOf(keyId: string): string | undefined {
    return this.find(keyId)?.arn;
  }

  usable(keyId: string): boolean {
    return this.find(keyId)?.state === "Enabled";
  }

  /**
   * What a caller needs to use a key through a service. A service's own key serves everybody in the account
   * who may call the service.
   * https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk
   */
  permissions(keyId: string, actions: readonly string[], use: KeyUse): Permission[] {
    const key = this.find(keyId);
    if (key?.manager !== "CUSTOMER") return [];
    // https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
    const context: Record<string, string | string[]> = {
      "kms:ViaService": `${use.service}.${this.#context.region}.amazonaws.com`,
      "kms:CallerAccount": this.#context.account,
      "kms:ResourceAliases": [...key.aliases],
      "kms:EncryptionContextKeys": Object.keys(use.encryptionContext),
    };
    for (const [name, value] of Object.entries(use.encryptionContext)) {
      context[`kms:EncryptionContext:${name}`] = value;
    }
    for (const [name, value] of key.tags) context[`aws:ResourceTag/${name}`] = value;
    return actions.map((action) => ({ action: `kms:${action}`, resource: key.arn, context }));
  }
}
