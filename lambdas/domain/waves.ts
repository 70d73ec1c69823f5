import { createHash } from "node:crypto";
import type { Move, Plan, Verdict } from "../contracts/plan.ts";

/**
 * Orders moves into waves: a component goes back after those it depends on; what does not depend on one another goes
 * together. Dependencies on components outside the plan are already where they should be.
 *
 * @param dependsOn component → components that go back before it
 */
export function planOf(
  moves: readonly Move[],
  verdicts: readonly Verdict[],
  dependsOn: ReadonlyMap<string, readonly string[]>,
): Plan {
  const waves = wavesOf(moves, dependsOn).map((wave) => ({ moves: wave }));
  const estimateSeconds = waves.reduce((sum, wave) => sum + slowest(wave.moves), 0);
  return { hash: hashOf(waves), waves, verdicts: [...verdicts], estimateSeconds };
}

function wavesOf(moves: readonly Move[], dependsOn: ReadonlyMap<string, readonly string[]>): Move[][] {
  const waiting = new Map(moves.map((move) => [move.component, move]));
  const waves: Move[][] = [];
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter((move) =>
      (dependsOn.get(move.component) ?? []).every((name) => name === move.component || !waiting.has(name)),
    );
    // A cycle cannot pass the environment's validation; should one appear, one wave together is the honest order.
    const wave = ready.length > 0 ? ready : [...waiting.values()];
    for (const move of wave) waiting.delete(move.component);
    waves.push(wave);
  }
  return waves;
}

const slowest = (moves: readonly Move[]) => Math.max(0, ...moves.map((move) => move.estimateSeconds));

/** SHA-256 over the waves with sorted keys: the same plan has the same hash wherever it is computed. */
function hashOf(waves: unknown): string {
  return createHash("sha256").update(canonical(waves)).digest("hex");
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(",")}}`;
}
