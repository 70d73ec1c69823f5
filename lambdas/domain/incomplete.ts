import type { Journals, RollbackRecord } from "../contracts/ledger.ts";

/** The components of which something is set later, by itself: AWS does not take it yet, and nobody feels it. */
export function incompleteIn(journals: Journals): string[] {
  const following = [...journals].filter(([, journal]) =>
    journal.some(({ step, facts }) => step === "lacks" && facts["what"] !== ""),
  );
  return following.map(([component]) => component);
}

/** What people read of it. */
export const incompleteLine = (components: readonly string[]) =>
  `Done later, by itself, when AWS takes it: the rest of ${components.join(", ")}. Nobody needs to wait for it.`;

/** A record that says what is lacking now, whatever it said before. */
export function withIncomplete(
  { incomplete: _, ...rest }: RollbackRecord,
  incomplete: readonly string[],
): RollbackRecord {
  return { ...rest, ...(incomplete.length > 0 ? { incomplete: [...incomplete] } : {}) };
}
