import * as z from "zod";
import type { Clock, VersionReader } from "../components/component.ts";
import { versionReadersOf } from "../components/registry.ts";
import { Environment } from "../contracts/environment.ts";
import { Checkpoint, type ComponentVersion, checkpointKey } from "../contracts/ledger.ts";
import { LOG_EVENTS } from "../contracts/log-events.ts";
import type { Kind } from "../contracts/vocabulary.ts";
import { checkpointIdOf, sameVector, type Vector } from "../domain/checkpoints.ts";
import { defineHandler } from "../platform/define-handler.ts";
import { ledgerOf } from "../platform/ledger/ledger-of.ts";
import type { LedgerTable } from "../platform/ledger/ledger-table.ts";

const Input = z.strictObject({ environment: Environment });
const Output = z.strictObject({
  status: z.enum(["recorded", "unchanged", "in-flight"]),
  checkpointId: z.string(),
});

interface Services {
  readonly readers: Readonly<Partial<Record<Kind, VersionReader>>>;
  readonly ledger: LedgerTable;
  readonly clock: Clock;
}

/**
 * Records what runs now as a candidate, unless the newest checkpoint already says so. While a deployment is on its way
 * there is no vector to record; its completion asks again.
 */
export async function recordCheckpoint(
  { environment }: z.infer<typeof Input>,
  { readers, ledger, clock }: Services,
): Promise<z.infer<typeof Output>> {
  const vector = await vectorOf(environment, readers);
  if (!vector) return { status: "in-flight", checkpointId: "" };
  const [newest] = await ledger.list(checkpointKey(""), Checkpoint, { limit: 1 });
  if (newest && sameVector(newest.vector, vector)) return { status: "unchanged", checkpointId: newest.id };
  const now = clock();
  const checkpoint: Checkpoint = {
    id: checkpointIdOf(vector, now),
    status: "candidate",
    recordedAt: now.toISOString(),
    because: "recorded after a deployment; its bake time is running",
    vector,
  };
  await ledger.put(checkpointKey(checkpoint.id), Checkpoint, checkpoint, { onlyIf: "absent" });
  return { status: "recorded", checkpointId: checkpoint.id };
}

/** What every component of the environment runs at this moment; undefined while one of them is being deployed. */
export async function vectorOf(
  environment: Environment,
  readers: Readonly<Partial<Record<Kind, VersionReader>>>,
): Promise<Vector | undefined> {
  const vector: Record<string, ComponentVersion> = {};
  const components = Object.entries(environment.components);
  const versioned = components.flatMap(([name, component]) => {
    const read = readers[component.kind];
    return read ? [{ name, read: () => read(component) }] : [];
  });
  const versions = await Promise.all(versioned.map(({ read }) => read()));
  for (const [index, { name }] of versioned.entries()) {
    const version = versions[index];
    if (!version) return undefined;
    vector[name] = version;
  }
  return vector;
}

export const handler = defineHandler({
  name: "record-checkpoint",
  input: Input,
  output: Output,
  services: (platform): Services => ({
    readers: versionReadersOf(platform),
    ledger: ledgerOf(platform),
    clock: platform.clock,
  }),
  async run(input, services, { logger }) {
    const result = await recordCheckpoint(input, services);
    logger.info(LOG_EVENTS.checkpointRecorded, result);
    return result;
  },
});
