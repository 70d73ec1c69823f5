import type { Journal } from "./component.ts";

/** `there`: users have its target. `unknown`: its switch was begun, and neither ended nor taken back. */
export type Arrival = "there" | "not there" | "unknown";

/** Where another component of this rollback is, as its own journal says: every kind writes these steps. */
export async function arrivalOf(journal: Journal, component: string): Promise<Arrival> {
  const steps = new Set((await journal.read(component)).map(({ step }) => step));
  if (steps.has("reverted")) return "not there";
  if (steps.has("switched") || steps.has("cut-over-done")) return "there";
  return steps.has("switch-intended") && !steps.has("put-back") ? "unknown" : "not there";
}
