import { lastToMove } from "../contracts/ledger.ts";
import type { Assessment } from "./component.ts";
import type { Inquiry } from "./inquiry.ts";

/**
 * The version at which the last rollback left a password whose database did not stay with it: it never left, or is back
 * already. Then the version that the rollback found still fits, and taking the label back needs no data. Undefined when
 * that is not what is wished, or not known: a later rollback of the database counts as the latter.
 */
export function leftLabel(
  { target, wish: { past } }: Inquiry,
  { secret, database }: { readonly secret: string; readonly database: string },
  data: readonly Assessment[],
): string | undefined {
  const last = lastToMove(past, [secret, database]);
  const moved = last?.moves.find(({ component }) => component === secret);
  if (!last || !moved || typeof target !== "object" || !("components" in target)) return undefined;
  if (target.components[secret] !== moved.from.id) return undefined;
  const partner = last.moves.find(({ component }) => component === database);
  const isBack = data.some(
    ({ verdict: { component, verdict } }) => component === database && verdict === "nothing-to-do",
  );
  const stands = partner === undefined || (isBack && target.components[database] === partner.from.id);
  return stands ? moved.to.id : undefined;
}
