import { lastToMove } from "../../../contracts/ledger.ts";
import type { Wish } from "../../component.ts";
import { momentId, parseVersionId } from "./version-id.ts";

/** Where a database is to go, before it is known whether and how it can. */
export type Destination =
  /** `exact` is a moment that a person named; the planner's may be moved back a little when backups lag. */
  | { readonly go: "moment"; readonly at: Date; readonly exact: boolean }
  /** A rehearsal for which nothing tells a moment: any will do. */
  | { readonly go: "anywhere" }
  /** To a database that was kept: the undo of a rollback. */
  | { readonly go: "kept"; readonly resourceId: string }
  /** To where a backtrack came from that was asked for since then: the undo of one. */
  | { readonly go: "forward"; readonly since: Date }
  | {
      readonly go: "nowhere";
      readonly verdict: "nothing-to-do" | "refuse";
      readonly reason: string;
      /** Nothing tells the moment. */
      readonly isUnknown?: true;
    };

/** Reads the wish: a moment, a kept database, or a reason why neither can be told. Pure. */
export function destinationOf(wish: Wish, servingId: string): Destination {
  if (wish.part !== "go-back") return nowhere("nothing-to-do", "its data stays as it is.");
  if (typeof wish.target === "object" && "components" in wish.target) {
    return named(wish, servingId, wish.target.components[wish.component]);
  }
  if (typeof wish.target === "object" && "at" in wish.target) {
    return { go: "moment", at: new Date(wish.target.at), exact: true };
  }
  if (wish.cut) return { go: "moment", at: wish.cut, exact: false };
  if (wish.rehearsal) return { go: "anywhere" };
  const reason =
    'nothing tells the moment to go back to; say it with target {"at": "<time before the damage, ISO 8601>"}.';
  return { ...nowhere("refuse", reason), isUnknown: true };
}

function named(wish: Wish, servingId: string, name: string | undefined): Destination {
  if (!name)
    return nowhere("refuse", "the wish names no version of it: a resource id, or <resource id>@<time>.");
  const { resourceId, moment } = parseVersionId(name);
  if (moment && resourceId === servingId) return { go: "moment", at: moment, exact: true };
  if (name.includes("@")) {
    const text = `${name} is no moment of ${servingId}, which serves now; name it as ${momentId(servingId, new Date(0))}.`;
    return nowhere("refuse", text);
  }
  if (resourceId !== servingId) return { go: "kept", resourceId };
  const since = backtrackedSince(wish, servingId);
  if (since) return { go: "forward", since };
  return nowhere("nothing-to-do", `${servingId} already serves, as asked.`);
}

/**
 * When the rollback began that took this very database back in place, if that is the last thing that happened to the
 * component. It may have been stopped before it asked for the backtrack.
 */
function backtrackedSince({ past, component }: Wish, servingId: string): Date | undefined {
  const last = lastToMove(past, [component]);
  const move = last?.moves.find((one) => one.component === component);
  if (!last || !move) return undefined;
  const to = parseVersionId(move.to.id);
  return to.by === "backtrack" && to.resourceId === servingId ? new Date(last.startedAt) : undefined;
}

function nowhere(
  verdict: "nothing-to-do" | "refuse",
  reason: string,
): Extract<Destination, { readonly go: "nowhere" }> {
  return { go: "nowhere", verdict, reason };
}
