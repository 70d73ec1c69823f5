import type { Checkpoint } from "../contracts/ledger.ts";
import type { Move } from "../contracts/plan.ts";
import { versionIdOf } from "../contracts/version-id.ts";

/**
 * The checkpoints with the components marked whose version a rollback went away from: never a target again for them
 * (docs/architecture.md). A vector that was proven stays proven for its other components.
 */
export function quarantinedBy(
  checkpoints: readonly Checkpoint[],
  moves: readonly Move[],
  { rollbackId, now }: { readonly rollbackId: string; readonly now: Date },
): Checkpoint[] {
  return checkpoints.flatMap((checkpoint) => {
    const known = checkpoint.quarantined ?? [];
    const left = moves
      // Data has moments, not good and bad versions; who stayed left nothing.
      .filter((move) => move.tier !== "data" && !move.stays)
      .filter((move) => {
        const version = checkpoint.vector[move.component];
        return version !== undefined && versionIdOf(version) === move.from.id;
      })
      // With a mutable tag both ends of a move have one task definition: where it went to is not where it left.
      .filter((move) => move.to.checkpoint !== checkpoint.id)
      .map((move) => move.component)
      .filter((component) => !known.includes(component));
    if (left.length === 0) return [];
    return {
      ...checkpoint,
      quarantined: [...known, ...left],
      status: checkpoint.status === "proven" ? ("proven" as const) : ("quarantined" as const),
      judgedAt: now.toISOString(),
      because: `${rollbackId} took ${left.join(", ")} away from it`,
    };
  });
}
