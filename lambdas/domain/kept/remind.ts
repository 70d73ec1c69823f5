import type { Announcement } from "../../contracts/plan.ts";
import { announcementOf } from "../announce.ts";
import { isDue, untilWords } from "./due.ts";
import type { Kept, Removal } from "./kept.ts";

/** Where all this lies, for people who run the commands. */
export interface Place {
  readonly application: string;
  readonly environment: string;
  readonly account: string;
  readonly region: string;
}

/**
 * One message about everything that is due, or could not be looked at; undefined when there is nothing to say. It has
 * to tell enough to decide: who is on it, what it costs, whether an undo needs it, how it is kept, how it goes.
 *
 * @param troubles what could not be looked at, a sentence each
 */
export function remind(
  place: Place,
  at: Date,
  { kept, troubles }: { readonly kept: readonly Kept[]; readonly troubles: readonly string[] },
): Announcement | undefined {
  const due = kept.filter(({ expires }) => isDue(expires, at));
  if (due.length === 0 && troubles.length === 0) return undefined;
  const subject = due.length > 0 ? "Kept after a rollback" : "Cannot see what rollbacks kept";
  const lines = [
    ...(due.length > 0 ? [introOf(due.length)] : []),
    ...due.flatMap((one, index) => ["", `${index + 1}. ${headOf(one)}`, ...linesOf(one, at)]),
    ...(due.length > 0 && troubles.length > 0 ? [""] : []),
    ...(troubles.length > 0 ? ["Stepback could not look everywhere:"] : []),
    ...troubles.map((trouble) => `- ${trouble}`),
    "",
    due.length > 0
      ? "This comes again in a week, until it is removed or kept longer."
      : "It looks again tomorrow.",
    `Account ${place.account}, region ${place.region}. See docs/runbook.md, Reminders.`,
  ];
  return announcementOf(`${subject}: ${place.application} (${place.environment})`, lines);
}

const introOf = (things: number) =>
  `${things === 1 ? "Something that a rollback kept is" : `${things} things that rollbacks kept are`} due. ` +
  `${things === 1 ? "It costs" : "They cost"} money until a person removes ${things === 1 ? "it" : "them"}. Stepback never does.`;

const headOf = ({ component, what, paidFor }: Kept) => `${component}: ${what} (${paidFor})`;

function linesOf({ rollbackId, expires, facts, keepLonger, removal }: Kept, at: Date): string[] {
  return [
    `- Kept since rollback ${rollbackId}${dayIn(rollbackId)}, ${untilWords(expires, at)}.`,
    ...facts.map((fact) => `- ${fact}`),
    "- To keep it longer, with any day:",
    `    ${keepLonger}`,
    ...removalLines(removal),
  ];
}

function removalLines(removal: Removal): string[] {
  const { commands } = removal;
  const head =
    removal.advice === "remove"
      ? `- To remove it for good: ${removal.means}`
      : `- Do not remove it: ${removal.why}`;
  return [head, ...commands.map((command) => `    ${command}`)];
}

/** A rollback's id begins with its start. */
function dayIn(rollbackId: string): string {
  const [, year, month, day] = /^rb-(\d{4})(\d\d)(\d\d)-/.exec(rollbackId) ?? [];
  return day === undefined ? "" : ` of ${year}-${month}-${day}`;
}
