import type { CacheContent, Caches } from "./caches.ts";

/**
 * The data plane: what a client inside the VPC does, never an AWS API call. A cache that is not there, or still being
 * created, refuses the connection: an Error.
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

export function cacheData(caches: Caches): CacheData {
  return {
    content: (id, prefix = "") => new Map([...connect(caches, id)].filter(([key]) => key.startsWith(prefix))),
    write: (id, key, value) => {
      connect(caches, id).set(key, value);
    },
    flush: (id) => {
      const content = connect(caches, id);
      const group = caches.replicationGroups.get(id);
      if (!group) throw new Error(`Whether a serverless cache such as ${id} takes FLUSHALL is not known`);
      if (caches.flushBlockedBy.has(group.parameterGroup)) throw new Error("ERR unknown command 'FLUSHALL'");
      caches.log("flushed by a client", { id, keys: String(content.size) });
      content.clear();
    },
  };
}

function connect(caches: Caches, id: string): CacheContent {
  const group = caches.replicationGroups.get(id);
  if (group && (group.status === "available" || group.status === "snapshotting")) return group.content;
  const serverless = caches.serverlessCaches.get(id);
  if (serverless?.status === "AVAILABLE") return serverless.content;
  throw new Error(`Connection refused: no cache answers as ${id}`);
}
