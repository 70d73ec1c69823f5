import type { FaultRule } from "../../../lib/region/wire/fault-plan.ts";
import type { Calls } from "./kills.ts";
import type { Night } from "./night.ts";

/** What the movers change in the world; the ledger is not part of it. */
export const changesIn = (calls: Calls): Calls =>
  calls.filter((call) => call.mutating && call.service !== "dynamodb" && moverOf(call) !== undefined);

/** Denies one of these very changes, by how many like it came before, and so many after it. */
export function denialOf(chosen: Calls[number], calls: Calls, times = 1): FaultRule {
  const isLike = (call: Calls[number]) =>
    call.operation === chosen.operation && moverOf(call) === moverOf(chosen);
  return {
    ...{ service: chosen.service, operation: chosen.operation, principalIncludes: moverOf(chosen) ?? "" },
    ...{ skip: changesIn(calls).filter(isLike).indexOf(chosen), times, effect: "access-denied" },
  };
}

export const wordsOfDenial = ({ principalIncludes, operation, skip, times }: FaultRule) =>
  `${principalIncludes} is denied ${operation} ${skip}${times === 1 ? "" : " and after"}`;

const moverOf = ({ principal: { arn, session } }: Calls[number]) =>
  /Move(Cache|Database|EcsService|Frontend|Maintenance|Parameter|Secret|Task)/.exec(
    `${arn} ${session ?? ""}`,
  )?.[0];

/** Calls were denied on purpose. */
export const lawsBrokenBesides = async (night: Night) =>
  (await night.brokenLaws()).filter((law) => law !== "a call was denied");
