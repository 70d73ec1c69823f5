import type { Job } from "./job.ts";

/** "About ten minutes" until a new name leads to an instance after its rename (docs/facts/database.md §5 a). */
const ADDRESS_SECONDS = 600;

/** Whether the name under which users know the database may lead nowhere yet: nobody has got through since its rename. */
export function mayLeadNowhere({ details, steps, clock }: Job): boolean {
  const at = details.cutOver.strategy === "rename" ? steps.timeOf("switched") : undefined;
  if (at === undefined || steps.has("name-leads")) return false;
  return clock().getTime() - at.getTime() < ADDRESS_SECONDS * 1_000;
}
