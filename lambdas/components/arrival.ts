import type { Journal } from "./component.ts";

/** `there`: users have its target. `unknown`: a switch was begun, there or back, and neither ended nor taken back. */
export type Arrival = "there" | "not there" | "unknown";

/** Where another component of this rollback is, as its own journal says: every kind writes these steps. */
export async function arrivalOf(journal: Journal, component: string): Promise<Arrival> {
  const entries = await journal.read(component);
  const steps = new Set(entries.map(({ step }) => step));
  if (steps.has("reverted") || steps.has("moved-back")) return "not there";
  const back = entries.find(({ step }) => step === "moved-back-intended");
  if (back && back.facts["refused"] !== 1) return "unknown";
  if (steps.has("switched") || steps.has("cut-over-done")) return "there";
  return steps.has("switch-intended") && !steps.has("put-back") ? "unknown" : "not there";
}
