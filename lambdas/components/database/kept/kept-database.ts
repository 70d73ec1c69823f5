import { OWNERSHIP_TAGS } from "../../../contracts/ownership.ts";
import { aMonthAfter } from "../../../domain/kept/due.ts";
import type { Kept, Removal } from "../../../domain/kept/kept.ts";
import type { Sight } from "../sight.ts";
import { isTerminal, SERVING_STATUSES } from "../states.ts";
import { isUnusedCopy } from "./belongs.ts";
import { paidFor } from "./paid-for.ts";
import { connectionsCommand, instancesOf, removalCommands } from "./removal-commands.ts";
import type { WhoServes } from "./who-serves.ts";

export interface Found {
  readonly component: string;
  readonly environment: string;
  readonly at: Date;
  readonly kept: Sight;
  readonly live: Sight | undefined;
  readonly who: WhoServes;
  /** Whether undoing the rollback that left it returns to it. */
  readonly undoLeadsHere: boolean;
}

/** An old database as people are told of it. */
export function keptDatabase(found: Found): Kept {
  const { component, at, kept } = found;
  const { tags, arn, shape, identifier } = kept;
  return {
    component,
    what: `database ${shape} ${identifier}`,
    paidFor: paidFor(kept),
    rollbackId: tags[OWNERSHIP_TAGS.rollback] ?? "",
    expires: tags[OWNERSHIP_TAGS.expires] ?? thirdDayOf(kept.createdAt),
    facts: factsOf(found),
    keepLonger: tagCommand(arn, { [OWNERSHIP_TAGS.expires]: aMonthAfter(at) }),
    removal: removalOf(found),
  };
}

/** The command that writes tags of Stepback's. */
export function tagCommand(arn: string, tags: Readonly<Record<string, string>>): string {
  const list = Object.entries(tags).map(([key, value]) => `Key=${key},Value=${value}`);
  return `aws rds add-tags-to-resource --resource-name ${arn} --tags ${list.join(" ")}`;
}

function factsOf(found: Found): string[] {
  const { kept, who } = found;
  const isProtected =
    kept.shape === "cluster" ? kept.cluster.DeletionProtection : kept.instance.DeletionProtection;
  return [
    ...(who.serves === "another" ? [who.how] : []),
    ...(isUnusedCopy(kept.tags) ? [FORGOTTEN] : []),
    isProtected
      ? "Deletion protection is on."
      : "Deletion protection is off: somebody switched it off after the rollback.",
    ...(who.serves === "it" || isUnusedCopy(kept.tags) ? [] : [undoFact(found)]),
  ];
}

const FORGOTTEN =
  "It is a copy that a rollback or a rehearsal made and did not come to remove. No rollback brought users to it.";

/** A copy has no day of its own: it is told of as soon as it counts as forgotten, which is on its third day at the latest. */
const thirdDayOf = (createdAt: Date | undefined) =>
  createdAt ? new Date(createdAt.getTime() + 3 * 86_400_000).toISOString().slice(0, 10) : "";

function undoFact({ component, environment, kept, undoLeadsHere }: Found): string {
  const start = `npx stepback start --environment ${environment}`;
  const rollback = kept.tags[OWNERSHIP_TAGS.rollback] ?? "";
  if (!SERVING_STATUSES.includes(kept.status) || kept.host === undefined) {
    return `It is ${kept.status}. Nobody can go back to it before it is available.`;
  }
  return undoLeadsHere
    ? `The rollback can still be undone to it: ${start} --mode undo --undoes ${rollback} --reason "..."`
    : `No undo leads to it. A rollback that names it does: ${start} --scope ${component} --target '{"components":{"${component}":"${kept.resourceId}"}}' --reason "..."`;
}

function removalOf(found: Found): Removal {
  const { kept, who, at } = found;
  switch (who.serves) {
    case "another": {
      const stays = isTerminal(kept.status)
        ? "RDS takes no snapshot of it any more: what only it holds is gone then. Its automated backups stay until their retention ends."
        : "A final snapshot stays, and costs too; its automated backups stay until their retention ends.";
      const lost = isUnusedCopy(kept.tags)
        ? "it holds nothing that others do not."
        : "then no rollback can be undone to it.";
      const means = `${lost} ${stays} First see that nobody was connected in any hour of the last day.`;
      return { advice: "remove", means, commands: removalCommands(kept, at) };
    }
    case "it":
      return {
        advice: "leave",
        why: `users are on it, although its tags say ${kept.tags[OWNERSHIP_TAGS.state]}. ${who.how} Somebody went back by hand. Say so, or the next rollback refuses:`,
        commands: correctionCommands(found),
      };
    case "unknown":
      return {
        advice: "leave",
        why: `nobody can tell whether users are on it. ${who.how} Who was connected in the last day:`,
        commands: instancesOf(kept).map((instance) => connectionsCommand(instance, at)),
      };
  }
}

/** The tags as they have to be when users are on the old one again: it is live, and the other one is what was kept. */
function correctionCommands({ kept, live, at }: Found): string[] {
  const expires = OWNERSHIP_TAGS.expires;
  const { rollback, state } = OWNERSHIP_TAGS;
  const id = kept.tags[rollback] ?? "";
  return [
    tagCommand(kept.arn, { [state]: "live" }),
    `aws rds remove-tags-from-resource --resource-name ${kept.arn} --tag-keys ${expires}`,
    ...(live
      ? [tagCommand(live.arn, { [state]: "retired", [rollback]: id, [expires]: aMonthAfter(at) })]
      : []),
  ];
}
