import {
  DescribeKeyValueStoreCommand,
  type DescribeKeyValueStoreCommandOutput,
  GetKeyCommand,
  PutKeyCommand,
} from "@aws-sdk/client-cloudfront-keyvaluestore";
import type { Tick } from "../../../contracts/tick.ts";
import { asked, isNamed } from "../../aws-call.ts";
import { changedByOthers, endsOf } from "../changed-by-others.ts";
import type { Direction } from "../copying/write.ts";
import { type Clients, intending, type Job } from "../job.ts";
import { ReleaseFolders } from "../release-folders.ts";
import type { Live, ReleaseOf, ReleaseStrategy, Site } from "../release-strategy.ts";

interface Pointer {
  readonly value: string | undefined;
  /** Of the whole store: any change in it makes it stale. */
  readonly etag: string | undefined;
  readonly changedAt: Date | undefined;
}

/**
 * A key of a KeyValueStore names the release; a function at the edge reads it. One conditional write, however large the
 * release is, and no invalidation of entry points: each release has cache keys of its own
 * (docs/facts/frontend-secrets-config.md §A.2).
 */
export function pointer(clients: Clients, site: Site, release: ReleaseOf<"pointer">): ReleaseStrategy {
  const folders = new ReleaseFolders(clients.s3, site, release.releases);
  const read = () => readPointer(clients, release);
  return {
    entryPointsStayCached: false,
    // "Plan 30 to 60 s" for a write to reach the edges (docs/facts/performance-reliability.md, KVS).
    usualSeconds: { prepare: 2, cutOver: 60 },
    live: async () => liveOf(await read(), release),
    lookUp: (name) => folders.lookUp(name),
    feasible: (target, current) => folders.feasible(target.release, current.release),
    async targetObject({ details }, path) {
      return { key: folders.keyOf(details.toRelease, path.slice(1)) };
    },
    async prepare({ answer, details }) {
      const feasible = await folders.feasible(details.toRelease, details.fromRelease);
      if ("problem" in feasible) return answer.failed("TARGET_GONE", `Cannot prepare: ${feasible.problem}.`);
      return answer.done(`The release ${details.toRelease} is there.`);
    },
    put: (job, direction) => put(job, direction, clients, release),
    async verify({ answer, details }) {
      const { value } = await read();
      if (value === details.toRelease) return answer.done(`The pointer names ${value}.`);
      return answer.failed(
        "SUPERSEDED",
        `The pointer names ${value ?? "nothing"}, not ${details.toRelease}.`,
      );
    },
  };
}

async function put(
  job: Job,
  direction: Direction,
  clients: Clients,
  release: ReleaseOf<"pointer">,
): Promise<Tick> {
  const { steps, answer } = job;
  const { from, to } = endsOf(job, direction);
  if (steps.has(`${direction}-placed`)) return answer.done(`The pointer was set to ${to}.`);
  const { value, etag } = await readPointer(clients, release);
  if (value !== to) {
    if (value !== from) return changedByOthers(job, direction, `The pointer names ${value ?? "nothing"}`);
    try {
      await intending(steps, direction, () =>
        asked(
          `Setting the pointer ${release.key} to ${to}`,
          clients.keyValueStore.send(
            new PutKeyCommand({ KvsARN: release.keyValueStore, Key: release.key, Value: to, IfMatch: etag }),
          ),
        ),
      );
    } catch (error) {
      // Any key of the store may have changed; whether it was this one is seen at the next look.
      if (!isNamed(error, "ConflictException")) throw error;
      return answer.working("The store changed at the same moment; looking again.", 1);
    }
  }
  await steps.once(`${direction}-placed`);
  return answer.done(`The pointer is set to ${to}.`);
}

/** The ETag is read before the value: what changes in between makes the write fail. */
async function readPointer(
  { keyValueStore: kvs }: Clients,
  { keyValueStore, key }: ReleaseOf<"pointer">,
): Promise<Pointer> {
  const doing = `Reading the pointer ${key} of ${keyValueStore}`;
  const store: DescribeKeyValueStoreCommandOutput = await asked(
    doing,
    kvs.send(new DescribeKeyValueStoreCommand({ KvsARN: keyValueStore })),
  );
  const facts = { etag: store.ETag, changedAt: store.LastModified };
  try {
    const { Value } = await asked(doing, kvs.send(new GetKeyCommand({ KvsARN: keyValueStore, Key: key })));
    return { ...facts, value: Value };
  } catch (error) {
    if (!isNamed(error, "ResourceNotFoundException")) throw error;
    return { ...facts, value: undefined };
  }
}

function liveOf({ value, changedAt }: Pointer, { key, keyValueStore }: ReleaseOf<"pointer">): Live {
  if (value === undefined) return { problem: `the store ${keyValueStore} has no key ${key}` };
  if (!/^\w[\w.-]*$/.test(value)) return { problem: `the value of ${key} is not the name of a release` };
  return { version: { kind: "frontend", release: value }, ...(changedAt ? { changedAt } : {}) };
}
