import type { EncryptionKeys } from "../../encryption-keys.ts";
import type { RegionContext } from "../../region-context.ts";
import { AwsError } from "../../service-model.ts";
import type { Replication } from "./replication.ts";
import { pendingVersion, type RotationSettings, type Secret, type SecretVersion } from "./secret.ts";
import type { SecretStore } from "./secret-store.ts";
import { attachLabel } from "./staging-labels.ts";

/** How the rotations of a secret go, in a scenario. */
export interface RotationBehaviour {
  /** `fails-empty`: before the new value was stored; `fails`: after, and before it became current. */
  readonly outcome: "succeeds" | "fails" | "fails-empty";
  /** Shortest and longest virtual duration, milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Whether AWSPENDING stays on the version when it has become current. @default - AWS does both: by chance */
  readonly leavesPending?: boolean;
}

/**
 * Told when a rotation has set the new credential in the place that it opens, which is before it becomes
 * current.
 */
export type CredentialChanged = (secret: string, meaning: string) => void;

/**
 * Rotations: the four steps of a rotation function, in virtual time, without the function.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 *
 * AWSPENDING beside AWSCURRENT means a rotation that is not complete, whatever put it there: a new one is refused and the
 * old one is reattempted (docs/facts/frontend-secrets-config.md §B). When AWS does that is unverified; here at once, and
 * when the schedule says so. Its own repetitions of a failed rotation are not modelled.
 */
export class Rotations {
  readonly #context: RegionContext;
  readonly #store: SecretStore;
  readonly #keys: EncryptionKeys;
  readonly #replication: Replication;
  readonly #credentialChanged: CredentialChanged;
  readonly #behaviours = new Map<string, RotationBehaviour>();
  /** The rotation that a secret is in; whoever wakes up for another one does nothing. */
  readonly #running = new Map<Secret, string>();

  constructor(
    context: RegionContext,
    parts: {
      readonly store: SecretStore;
      readonly keys: EncryptionKeys;
      readonly replication: Replication;
      readonly credentialChanged: CredentialChanged;
    },
  ) {
    this.#context = context;
    this.#store = parts.store;
    this.#keys = parts.keys;
    this.#replication = parts.replication;
    this.#credentialChanged = parts.credentialChanged;
  }

  behave(secret: Secret, behaviour: Partial<RotationBehaviour>): void {
    this.#behaviours.set(secret.name, { ...this.#behaviour(secret), ...behaviour });
  }

  /** Starts a rotation whose new version is called `token`; the same token again is the same rotation. */
  start(secret: Secret, token: string): string {
    if (secret.versions.has(token)) return token;
    if (this.#reattempt(secret)) {
      throw new AwsError(
        "InvalidRequestException",
        "A previous rotation isn't complete. That rotation will be reattempted.",
      );
    }
    const version: SecretVersion = {
      id: token,
      createdAt: this.#context.kernel.now,
      keyArn: secret.keyId === undefined ? undefined : this.#keys.arnOf(secret.keyId),
      value: undefined,
      meaning: undefined,
    };
    this.#store.add(secret, version);
    attachLabel(secret, "AWSPENDING", token);
    this.#attempt(secret, version);
    return token;
  }

  /** Stops a rotation where it is, labels and all, and answers the version it had begun. */
  cancel(secret: Secret): string | undefined {
    const pending = pendingVersion(secret);
    this.#running.delete(secret);
    if (secret.rotation) {
      secret.rotation.enabled = false;
      delete secret.rotation.nextAt;
    }
    return pending;
  }

  /** Sets the date of the next rotation of a secret that rotates by days, and rotates it then. */
  plan(secret: Secret): void {
    const { rotation } = secret;
    const days = rotation?.rules?.AutomaticallyAfterDays;
    if (!rotation?.enabled || days === undefined) return;
    const { now } = this.#context.kernel;
    const nextAt = Math.max(now, (rotation.lastAt ?? now) + days * DAY);
    rotation.nextAt = nextAt;
    this.#context.kernel.schedule(nextAt - now, () => this.#rotateOnSchedule(secret, rotation, nextAt));
  }

  #rotateOnSchedule(secret: Secret, rotation: RotationSettings, at: number): void {
    const planned = rotation.enabled && rotation.nextAt === at && secret.rotation === rotation;
    if (!planned || secret.deletionAt !== undefined || this.#reattempt(secret)) return;
    this.start(secret, this.#store.random.uuid());
  }

  /** Takes up again the rotation that AWSPENDING tells of; false when there is none. Rotation that is off rests. */
  #reattempt(secret: Secret): boolean {
    const version = secret.versions.get(pendingVersion(secret) ?? "");
    if (!version) return false;
    if (secret.rotation?.enabled && this.#running.get(secret) !== version.id) this.#attempt(secret, version);
    return true;
  }

  #attempt(secret: Secret, version: SecretVersion): void {
    const { outcome, fromMs, toMs } = this.#behaviour(secret);
    this.#running.set(secret, version.id);
    this.#context.kernel.log.write("secretsmanager", "rotation started", { secret: secret.name });
    const duration = this.#store.random.integer(fromMs, toMs);
    if (outcome !== "fails-empty") {
      this.#step(secret, version.id, duration / 4, () => this.#fill(secret, version));
    }
    this.#step(secret, version.id, duration, () => {
      if (outcome === "succeeds") this.#finish(secret, version.id);
      else this.#fail(secret);
    });
  }

  /** The function looks before every step, and gives up when its version has lost AWSPENDING. */
  #step(secret: Secret, token: string, delayMs: number, action: () => void): void {
    this.#context.kernel.schedule(delayMs, () => {
      if (this.#running.get(secret) !== token || secret.deletionAt !== undefined) return;
      if (secret.stages.get("AWSPENDING") === token) action();
      else this.#fail(secret);
    });
  }

  /** createSecret, which keeps a value that is there, then setSecret: what it opens accepts it. */
  #fill(secret: Secret, version: SecretVersion): void {
    version.value ??= `rotated-${this.#store.random.hex(24)}`;
    version.meaning ??= `${secret.name}@${version.id}`;
    this.#credentialChanged(secret.name, version.meaning);
  }

  /**
   * finishSecret takes AWSCURRENT from whoever has it now, also from a version that somebody moved it to
   * meanwhile. AWSPENDING then is on the same version or nowhere; AWS does both. [SDK RotateSecret]
   */
  #finish(secret: Secret, token: string): void {
    attachLabel(secret, "AWSCURRENT", token);
    const byChance = !this.#store.random.chance(0.5);
    if (!(this.#behaviour(secret).leavesPending ?? byChance)) secret.stages.delete("AWSPENDING");
    this.#running.delete(secret);
    if (secret.rotation) secret.rotation.lastAt = this.#context.kernel.now;
    this.#replication.changed(secret);
    this.#context.kernel.log.write("secretsmanager", "rotation succeeded", { secret: secret.name });
    this.plan(secret);
  }

  #fail(secret: Secret): void {
    this.#running.delete(secret);
    this.#context.kernel.log.write("secretsmanager", "rotation failed", { secret: secret.name });
  }

  #behaviour({ name }: Secret): RotationBehaviour {
    return this.#behaviours.get(name) ?? { outcome: "succeeds", fromMs: 5_000, toMs: 40_000 };
  }
}

const DAY = 86_400_000;
