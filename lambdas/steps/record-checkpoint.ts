import * as z from "zod";
import type { Clock, VersionReader } from "../components/component.ts";
import { versionReadersOf } from "../components/registry.ts";
import { Environment } from "../contracts/environment.ts";
import { Checkpoint, checkpointKey } from "../contracts/ledger.ts";
import { LOG_EVENTS } from "../contracts/log-events.ts";
import type { Kind } from "../contracts/vocabulary.ts";
import { checkpointIdOf, sameVector, type Vector } from "../domain/checkpoints.ts";
import { defineHandler } from "../platform/define-handler.ts";
import { ledgerOf } from "../platform/ledger/ledger-of.ts";
import type { LedgerTable } from "../platform/ledger/ledger-table.ts";

const Input = z.strictObject({ environment: Environment });
const Output = z.strictObject({ status: z.enum(["recorded", "unchanged"]), checkpointId: z.string() });

interface Services {
  readonly readers: Readonly<Record<Kind, VersionReader>>;
  readonly ledger: LedgerTable;
  readonly clock: Clock;
}

/** Records what runs now as a candidate, unless the newest checkpoint that still counts already says so. */
export async function recordCheckpoint(
  { environment }: z.infer<typeof Input>,
  { readers, ledger, clock }: Services,
): Promise<z.infer<typeof Output>> {
  const vector = await vectorOf(environment, readers);
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

/** What every component of the environment runs at this moment. */
export async function vectorOf(
  environment: Environment,
  readers: Readonly<Record<Kind, VersionReader>>,
): Promise<Vector> {
  const versions = await Promise.all(
    Object.entries(environment.components).map(
      async ([name, component]) => [name, await readers[component.kind](component)] as const,
    ),
  );
  return Object.fromEntries(versions);
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
