import { OWNERSHIP_TAGS } from "../../../contracts/ownership.ts";
import { aMonthAfter } from "../../../domain/kept/due.ts";
import type { Kept, Removal } from "../../../domain/kept/kept.ts";
import type { Member } from "./find-family.ts";

export interface Found {
  readonly component: string;
  readonly environment: string;
  readonly at: Date;
  readonly kept: Member;
  /** Undefined when the parameter names none of the component's caches. */
  readonly inUse: Member | undefined;
  readonly rollback: string;
  readonly parameter: string;
  /** Since when nobody is sent to it, as far as AWS tells. */
  readonly since: Date | undefined;
  readonly undoLeadsHere: boolean;
}

/** No rollback writes a day on a cache: the one from before is left as it is. So it is kept as long as a database is by default. */
const KEPT_DAYS = 7;

/** A cache that is not used any more as people are told of it. */
export function keptCache(found: Found): Kept {
  const { component, at, kept, rollback, since } = found;
  const { group, tags, id } = kept;
  const nodes = group.MemberClusters?.length ?? 0;
  const day = new Date((since ?? at).getTime() + KEPT_DAYS * 86_400_000).toISOString().slice(0, 10);
  const tag = `Key=${OWNERSHIP_TAGS.expires},Value=${aMonthAfter(at)}`;
  return {
    component,
    what: `cache ${id}`,
    paidFor: `${nodes} x ${group.CacheNodeType}, and its backups`,
    rollbackId: rollback,
    expires: tags.get(OWNERSHIP_TAGS.expires) ?? day,
    facts: factsOf(found),
    keepLonger: `aws elasticache add-tags-to-resource --resource-name ${group.ARN} --tags ${tag}`,
    removal: removalOf(found),
  };
}

function factsOf({ environment, inUse, parameter, rollback, undoLeadsHere }: Found): string[] {
  return [
    ...(inUse ? [`Services are sent to ${inUse.id}, by the parameter ${parameter}.`] : []),
    undoLeadsHere
      ? `The rollback can still be undone to it: npx stepback start --environment ${environment} --mode undo --undoes ${rollback} --reason "..."`
      : `No undo leads to it: only somebody who writes its host into ${parameter}.`,
  ];
}

function removalOf({ kept: { id, group }, inUse, parameter, at }: Found): Removal {
  const nodes = group.MemberClusters ?? [];
  const look = nodes.map((node) => connectionsCommand(node, at));
  if (!inUse) {
    const why = `nobody can tell whether it is used. The parameter ${parameter} names no cache of this component. Who was connected in the last day:`;
    return { advice: "leave", why, commands: look };
  }
  return {
    advice: "remove",
    means:
      "then what it holds is in the final snapshot only, which costs too. First see that nobody was connected in the last day but ElastiCache itself, with a few.",
    commands: [
      ...look,
      `aws elasticache delete-replication-group --replication-group-id ${id} --final-snapshot-identifier ${id}-final`,
    ],
  };
}

/** The most connections in each hour of the last day. How many of them are ElastiCache's own is unverified: a few. */
function connectionsCommand(node: string, at: Date): string {
  const [from, to] = [at.getTime() - 86_400_000, at.getTime()].map(
    (time) => `${new Date(time).toISOString().slice(0, 19)}Z`,
  );
  return `aws cloudwatch get-metric-statistics --namespace AWS/ElastiCache --metric-name CurrConnections --dimensions Name=CacheClusterId,Value=${node} --statistics Maximum --period 3600 --start-time ${from} --end-time ${to}`;
}
