import type { Kernel } from "../../kernel/kernel.ts";
import type { Secret } from "./secret.ts";

/**
 * How long a change of the primary takes to reach a replica, virtual milliseconds. AWS publishes none:
 * unverified.
 */
export interface ReplicaLag {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Carries the changes of primaries to their replicas (docs/facts/frontend-secrets-config.md §B, "Replicas").
 */
export class Replication {
  lag: ReplicaLag = { fromMs: 2_000, toMs: 15_000 };
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /**
   * Tells the replicas of a change. That a moved label, too, shows as InProgress is unverified: those who
   * wait lose nothing.
   */
  changed(secret: Secret): void {
    secret.changedAt = this.#kernel.now;
    const current = secret.stages.get("AWSCURRENT");
    for (const replica of secret.replicas) {
      if (replica.status === "Failed") continue;
      replica.status = "InProgress";
      this.#kernel.schedule(this.#kernel.random.integer(this.lag.fromMs, this.lag.toMs), () => {
        // A newer change is on its way: the replica is in step only when that one has come.
        if (secret.stages.get("AWSCURRENT") !== current || replica.status === "Failed") return;
        replica.current = current;
        replica.status = "InSync";
      });
    }
  }
}
