import type { Random } from "../../kernel/random.ts";
import { arnOf, type RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import type { Replica, Secret, SecretVersion } from "./secret.ts";

export type NewSecret = Partial<
  Pick<Secret, "createdAt" | "description" | "keyId" | "type" | "owningService" | "primaryRegion">
> & {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Regions. */
  readonly replicas?: readonly string[];
};

/** The secrets of the region, by whatever their callers call them. */
export class SecretStore {
  readonly random: Random;
  readonly #context: RegionContext;
  /** By name. */
  readonly #secrets = new Map<string, Secret>();

  constructor(context: RegionContext) {
    this.#context = context;
    this.random = context.kernel.random.fork("secretsmanager");
  }

  create({ name, tags = {}, replicas = [], createdAt, ...facts }: NewSecret): Secret {
    const existing = this.#secrets.get(name);
    if (existing?.deletionAt !== undefined) throw scheduledForDeletion();
    if (existing) {
      throw new AwsError(
        "ResourceExistsException",
        `The operation failed because the secret ${name} already exists.`,
      );
    }
    const at = createdAt ?? this.#context.kernel.now;
    const secret: Secret = {
      name,
      arn: arnOf(this.#context, "secretsmanager", `secret:${name}-${this.#suffix()}`),
      createdAt: at,
      changedAt: at,
      description: facts.description,
      keyId: facts.keyId,
      type: facts.type,
      owningService: facts.owningService,
      primaryRegion: facts.primaryRegion ?? this.#context.region,
      tags: new Map(Object.entries(tags)),
      replicas: replicas.map((region): Replica => ({ region, status: "InSync", current: undefined })),
      versions: new Map(),
      stages: new Map(),
    };
    this.#secrets.set(name, secret);
    return secret;
  }

  remove(secret: Secret): void {
    if (this.#secrets.get(secret.name) === secret) this.#secrets.delete(secret.name);
  }

  /**
   * By name, by ARN, or by an ARN without the six random characters, which AWS finds as well.
   * https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
   */
  find(secretId: string): Secret | undefined {
    const partial = (arn: string) => arn.slice(0, -"-123456".length);
    return (
      this.#secrets.get(secretId) ??
      [...this.#secrets.values()].find(({ arn }) => arn === secretId || partial(arn) === secretId)
    );
  }

  /** The secret, deleted or not. */
  known(secretId: string | undefined): Secret {
    const secret = this.find(secretId ?? "");
    if (secret) return secret;
    throw new AwsError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  }

  /** The secret, unless its deletion is scheduled. */
  active(secretId: string | undefined): Secret {
    const secret = this.known(secretId);
    if (secret.deletionAt === undefined) return secret;
    throw scheduledForDeletion();
  }

  /** The secret, if it may be changed here: a replica follows its primary and takes no changes of its own. */
  writable(secretId: string | undefined): Secret {
    const secret = this.active(secretId);
    if (secret.primaryRegion === this.#context.region) return secret;
    throw new AwsError(
      "InvalidRequestException",
      "Operation not permitted on a replica secret. Call must be made in primary secret's region.",
    );
  }

  /**
   * Adds a version, and forgets the deprecated ones that Secrets Manager no longer keeps: of those beyond the
   * 100 newest, what is older than a day (docs/facts/frontend-secrets-config.md §B).
   */
  add(secret: Secret, version: SecretVersion): void {
    secret.versions.set(version.id, version);
    secret.changedAt = Math.max(secret.changedAt, version.createdAt);
    const labelled = new Set([...secret.stages.values(), version.id]);
    const byAge = [...secret.versions.values()].sort((a, b) => b.createdAt - a.createdAt);
    for (const { id, createdAt } of byAge.slice(KEPT_VERSIONS)) {
      if (!labelled.has(id) && createdAt < this.#context.kernel.now - DAY) secret.versions.delete(id);
    }
  }

  /** Six random letters and digits. */
  #suffix(): string {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    return Array.from({ length: 6 }, () => alphabet[this.random.integer(0, alphabet.length - 1)]).join("");
  }
}

const KEPT_VERSIONS = 100;
const DAY = 86_400_000;

function scheduledForDeletion(): AwsError {
  return new AwsError(
    "InvalidRequestException",
    "You can't perform this operation on the secret because it was marked for deletion.",
  );
}
