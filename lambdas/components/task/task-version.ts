import type { Wish } from "../component.ts";

/** The version of a task that no rollback ran, or whose reverse was run. */
export const NOT_RUN = "not-run";
const RUN = "run:";

/** The version of a task that was run: with the revision, which its undo needs. */
export const runId = (taskDefinition: string): string => `${RUN}${taskDefinition}`;

/** What a wish means for a task: to run it, perhaps in a certain revision, or to reverse what was run. */
export type TaskWish =
  | { readonly part: "run"; readonly taskDefinition?: string }
  /** `ran`: the revision in which a rollback last ran it. */
  | { readonly part: "undo"; readonly ran?: string };

export function wishOf({ target, component, past }: Pick<Wish, "target" | "component" | "past">): TaskWish {
  const named =
    typeof target === "object" && "components" in target ? target.components[component] : undefined;
  if (named === NOT_RUN) {
    const last = past
      .flatMap(({ moves }) => moves)
      .find((move) => move.component === component && move.to.id.startsWith(RUN));
    return { part: "undo", ...(last ? { ran: last.to.id.slice(RUN.length) } : {}) };
  }
  return { part: "run", ...(named?.startsWith(RUN) ? { taskDefinition: named.slice(RUN.length) } : {}) };
}
