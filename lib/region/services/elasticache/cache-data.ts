import type { CacheContent, Caches } from "./caches.ts";

/**
 * The data plane: what a client inside the VPC does, never an AWS API call. A cache that is not there, still being created,
 * or behind security groups that do not let the client in, gives no connection: an Error.
 */
export interface CacheData {
  /** Keys and values under a prefix, for example an epoch's; all of them unless told. */
  content(id: string, prefix?: string): ReadonlyMap<string, string>;
  write(id: string, key: string, value: string): void;
  /**
   * What `FLUSHALL` on every primary shard does. Refused when the parameter group blocks it; on serverless caches it is
   * unverified (docs/facts/frontend-secrets-config.md §D), so the region does not let it pass.
   */
  flush(id: string): void;
}

/** Whether security groups let whoever connects in on a port. */
export type Admits = (groupIds: readonly string[], port: number) => boolean;

export function cacheData(caches: Caches, admits: Admits): CacheData {
  const connect = (id: string) => connection(caches, admits, id);
  return {
    content: (id, prefix = "") => new Map([...connect(id)].filter(([key]) => key.startsWith(prefix))),
    write: (id, key, value) => {
      connect(id).set(key, value);
    },
    flush: (id) => {
      const content = connect(id);
      const group = caches.replicationGroups.get(id);
      if (!group) throw new Error(`Whether a serverless cache such as ${id} takes FLUSHALL is not known`);
      if (caches.flushBlockedBy.has(group.parameterGroup)) throw new Error("ERR unknown command 'FLUSHALL'");
      caches.log("flushed by a client", { id, keys: String(content.size) });
      content.clear();
    },
  };
}

function connection(caches: Caches, admits: Admits, id: string): CacheContent {
  const group = caches.replicationGroups.get(id);
  const serverless = caches.serverlessCaches.get(id);
  const isUp = group?.status === "available" || group?.status === "snapshotting";
  const up = isUp ? group : serverless?.status === "AVAILABLE" ? serverless : undefined;
  if (!up) throw new Error(`Connection refused: no cache answers as ${id}`);
  if (admits(up.securityGroupIds, group?.port ?? 6379)) return up.content;
  throw new Error(`Connection timed out: the security groups of ${id} let nobody in`);
}
