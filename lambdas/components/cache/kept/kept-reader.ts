import type { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import type { SSMClient } from "@aws-sdk/client-ssm";
import { StepbackError } from "../../../contracts/errors.ts";
import type { UndoLeadsTo } from "../../../platform/ledger/undo-leads-to.ts";
import type { KeptReader } from "../../component.ts";
import { hostOf } from "../groups.ts";
import { readPlain } from "../plain-parameter.ts";
import { findFamily, type Member } from "./find-family.ts";
import { keptCache } from "./kept-cache.ts";

interface Services {
  readonly ssm: SSMClient;
  readonly elasticache: ElastiCacheClient;
  readonly undoLeadsTo: UndoLeadsTo;
  readonly environment: string;
}

/**
 * Finds the caches that rollbacks by copy left behind: the one from before, and copies that nobody is sent to any more.
 * Which one is in use stands in the parameter. Ways without a copy leave nothing. Only reads.
 */
export function cacheKeptReader(services: Services): KeptReader<"cache"> {
  return async (component, { clean }, at) => {
    if (clean.way !== "snapshot") return [];
    const now = await readPlain(services.ssm, clean.endpointParameter);
    if ("problem" in now) {
      const text = `Cannot tell which cache of ${component} is in use: ${now.problem}`;
      throw new StepbackError("BadRequest", text);
    }
    const family = await findFamily(services.elasticache, clean.replicationGroup, component);
    const inUse = family.find(({ group }) => hostOf(group) === now.value);
    const left = family.filter((one) => one !== inUse && (one.made || inUse?.made?.from === one.id));
    return Promise.all(
      left.map(async (kept) => {
        const { rollback = "" } = kept.made ?? inUse?.made ?? {};
        const undoLeadsHere =
          kept.id === clean.replicationGroup &&
          (await services.undoLeadsTo(rollback, component, hostOf(kept.group) ?? ""));
        const since = latestOf(now.writtenAt, ...[kept, inUse].map(createdAt));
        const { endpointParameter: parameter } = clean;
        const { environment } = services;
        return keptCache({
          component,
          environment,
          at,
          kept,
          inUse,
          rollback,
          parameter,
          since,
          undoLeadsHere,
        });
      }),
    );
  };
}

const createdAt = (one: Member | undefined) => one?.made && one.group.ReplicationGroupCreateTime;

function latestOf(...moments: readonly (Date | undefined)[]): Date | undefined {
  const times = moments.flatMap((moment) => moment?.getTime() ?? []);
  return times.length > 0 ? new Date(Math.max(...times)) : undefined;
}
