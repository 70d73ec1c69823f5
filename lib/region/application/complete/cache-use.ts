import type { RegionContext } from "../../region-context.ts";
import { COMPLETE, GROUPS } from "../complete-names.ts";
import type { CacheLayout } from "../complete-options.ts";
import type { Surroundings } from "./surroundings.ts";

/** The entries that every request reads one of; few, so that a drill's cache is wrong or right within a minute. */
const ENTRIES = Array.from({ length: 20 }, (_, index) => `document:${index + 1}`);
const READS_A_BATCH = 2;
/** Of the requests that meet a wrong entry; more than half, so that the error rate's alarm sees it. */
const FAILING_SHARE = 0.7;
const GOOD = "a document";
const POISON = "half a document";
const HOUR = 3_600_000;

/** What a task knows of the cache since its start. */
export interface CacheReading {
  /** Undefined where keys have no epoch. */
  readonly epoch: string | undefined;
  readonly cacheHost: string | undefined;
}

/** How tasks use the cache: by the host, and with the epoch before every key, that they read at their start. */
export class CacheUse {
  readonly #region: Surroundings;
  readonly #layout: CacheLayout;
  #next = 0;

  constructor(region: Surroundings, layout: CacheLayout = "epoch") {
    this.#region = region;
    this.#layout = layout;
  }

  /** What a task that starts now reads. */
  read(): CacheReading {
    const { ssm } = this.#region;
    return {
      epoch: this.#layout === "epoch" ? ssm.read(COMPLETE.cacheEpochParameter)?.value : undefined,
      cacheHost: ssm.read(COMPLETE.cacheHostParameter)?.value,
    };
  }

  /** The replication group that a task uses; undefined when nobody answers it there. */
  groupOf(reading: CacheReading): string | undefined {
    return this.#entries(reading) && idOf(reading.cacheHost);
  }

  /** The share of requests that fail for wrong entries, 0 to 1. Without a cache the API reads its database instead. */
  trouble(reading: CacheReading): number {
    const wrong = [...(this.#entries(reading)?.values() ?? [])].filter((value) => value === POISON);
    return (FAILING_SHARE * wrong.length) / ENTRIES.length;
  }

  /** A batch of requests: entries that are missing are put there; a release that poisons the cache overwrites what it reads. */
  use(reading: CacheReading, poisons: boolean): void {
    const entries = this.#entries(reading);
    if (!entries) return;
    for (let read = 0; read < READS_A_BATCH; read++) {
      const key = `${prefixOf(reading)}${ENTRIES[this.#next++ % ENTRIES.length]}`;
      if (poisons || !entries.has(key)) {
        this.#region.caches.caches.write(idOf(reading.cacheHost), key, poisons ? POISON : GOOD);
      }
    }
  }

  /** What `FLUSHALL` does. Throws what the client would be told. */
  flush(cacheHost: string | undefined): void {
    this.#region.caches.caches.flush(idOf(cacheHost));
  }

  #entries(reading: CacheReading): ReadonlyMap<string, string> | undefined {
    try {
      return this.#region.caches.caches.content(idOf(reading.cacheHost), prefixOf(reading));
    } catch {
      // Nobody answers at that host.
      return undefined;
    }
  }
}

/** The replication group with its last automatic snapshot, and the parameters that name its epoch and its host. */
export function installCache(
  context: RegionContext,
  { caches, ssm }: Surroundings,
  layout: CacheLayout = "epoch",
): void {
  const [epoch, cacheHost] = ["7", hostOf(context)];
  const reading: CacheReading = { epoch: layout === "epoch" ? epoch : undefined, cacheHost };
  caches.install.replicationGroup({
    id: COMPLETE.cache,
    settings: { securityGroupIds: [GROUPS.cache], subnetGroup: "boardroom-private" },
    content: Object.fromEntries(ENTRIES.map((entry) => [`${prefixOf(reading)}${entry}`, GOOD])),
    tags: { application: "boardroom" },
  });
  caches.install.snapshot(COMPLETE.cache, COMPLETE.cacheSnapshot);
  const modifiedAt = context.kernel.now - 24 * HOUR;
  const parameters = { [COMPLETE.cacheEpochParameter]: epoch, [COMPLETE.cacheHostParameter]: cacheHost };
  for (const [name, value] of Object.entries(parameters)) {
    ssm.install({ name, type: "String", versions: [{ value, modifiedAt }] });
  }
}

function prefixOf({ epoch }: CacheReading): string {
  return epoch === undefined ? "" : `epoch-${epoch}:`;
}

/** The primary endpoint, as DescribeReplicationGroups of the region gives it. */
function hostOf({ account, region }: RegionContext): string {
  return `master.${COMPLETE.cache}.${account.slice(-6)}.${region}.cache.amazonaws.com`;
}

/** The replication group behind a primary or a configuration endpoint. */
function idOf(host: string | undefined): string {
  return /^(?:(?:master|clustercfg)\.)?([a-z0-9-]+)\./.exec(host ?? "")?.[1] ?? "";
}
