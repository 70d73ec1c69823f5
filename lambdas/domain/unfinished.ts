import type { Journals, Unfinished } from "../contracts/ledger.ts";
import type { Result } from "../contracts/left-out.ts";
import type { Plan } from "../contracts/plan.ts";
import { isUnanswered, type Tick } from "../contracts/tick.ts";
import { lastOfEach, ticksOf } from "./standing.ts";

/** What another try may cure, once a person has seen to what stopped the first one. */
const CURABLE: ReadonlySet<string> = new Set(["HALF_WAY", "REFUSED_BY_AWS", "TOO_SLOW", "END_UNKNOWN"]);

/** What the way out could not put right; undefined when nothing is left. */
export function unfinishedIn(
  { moves }: Pick<Plan, "moves">,
  wayOut: readonly Result[],
  journals: Journals,
): Unfinished | undefined {
  const left = lastOfEach(ticksOf(wayOut)).filter(isLeft);
  const components = new Set([...left.map(({ component }) => component), ...notedIn(journals)]);
  if (components.size === 0) return undefined;
  const services = moves.filter(({ kind }) => kind === "ecs-service").map(({ component }) => component);
  return {
    components: [...components],
    halfWay: left.some((tick) => isHalfWay(tick) || (isRefused(tick) && services.includes(tick.component))),
    holds: moves.map(({ component }) => component),
  };
}

/** What is where it was to be, and did not get everything back: a schedule that AWS did not let Stepback enable. */
function notedIn(journals: Journals): readonly string[] {
  const noted = [...journals].filter(([, journal]) =>
    journal.some(({ step, facts }) => step === "left" && facts["what"] !== ""),
  );
  return noted.map(([component]) => component);
}

const isLeft = (tick: Tick) =>
  tick.status === "working" || (tick.status === "failed" && (isUnanswered(tick) || CURABLE.has(tick.code)));

/** A copy that is still being removed is nobody's data. */
const isHalfWay = (tick: Tick) =>
  (tick.status === "working" && tick.verb !== "discard") ||
  (tick.status === "failed" && (isUnanswered(tick) || tick.code === "HALF_WAY"));

/** A service that AWS did not let anybody start stands still; one whose tasks are slow to start does not. */
const isRefused = (tick: Tick) => tick.status === "failed" && tick.code === "REFUSED_BY_AWS";

/** What a person types when what stopped it is mended. */
export const finishCommand = (environment: string, rollbackId: string) =>
  `npx stepback finish ${rollbackId} --environment ${environment}`;

/** What is left, what that means, and what to type. */
export function finishLine(
  environment: string,
  rollbackId: string,
  { components, halfWay }: Unfinished,
): string {
  const means = halfWay
    ? " Until then services may stand still, users may see the maintenance page, and nothing that this rollback holds goes back. What is in order in a way that Stepback cannot see: add --as-it-is."
    : "";
  return `Not put right: ${components.join(", ")}. When what stopped it is mended, or done by hand: ${finishCommand(environment, rollbackId)}.${means}`;
}

/** At the end of an execution: what did not answer is the clean-up's, which goes on with it by itself (docs/adr/0007). */
export function leftLine(
  { environment, rollbackId }: { readonly environment: string; readonly rollbackId: string },
  unfinished: Unfinished,
  wayOut: readonly Result[],
): string {
  const goesOn = lastOfEach(ticksOf(wayOut)).some(isUnanswered);
  if (!goesOn) return finishLine(environment, rollbackId, unfinished);
  const names = unfinished.components.join(", ");
  return `Not put right yet: ${names}. The clean-up goes on with it, and another message says how that ended.`;
}
