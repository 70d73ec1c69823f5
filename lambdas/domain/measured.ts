import type { JournalEntry, RollbackRecord } from "../contracts/ledger.ts";

type Took = RollbackRecord["moves"][number]["took"];

/** What the parts of a move took, seconds, from the steps that every kind writes (`components/steps.ts`). */
export function tookOf(journal: readonly JournalEntry[]): Took {
  const at = (step: string) => {
    const entry = journal.find((one) => one.step === step);
    return entry && Date.parse(entry.at);
  };
  const between = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined ? undefined : Math.round((to - from) / 1_000);
  const prepare = between(at("prepare-began"), at("prepared"));
  const cutOver = between(at("cut-over-began"), at("cut-over-done"));
  return { ...(prepare === undefined ? {} : { prepare }), ...(cutOver === undefined ? {} : { cutOver }) };
}

/** The newest measured values of a component, of rehearsals as well as of rollbacks; undefined when never measured. */
export function measuredOf(
  past: readonly RollbackRecord[],
  component: string,
  part: keyof Took,
): readonly number[] {
  return past
    .flatMap((record) => record.moves)
    .filter((move) => move.component === component)
    .flatMap((move) => move.took[part] ?? [])
    .slice(0, 5);
}
