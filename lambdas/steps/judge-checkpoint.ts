import * as z from "zod";
import type { Clock, Keeper, VersionReader } from "../components/component.ts";
import { keepersOf, versionReadersOf } from "../components/registry.ts";
import { alarmName, Environment } from "../contracts/environment.ts";
import { Checkpoint, checkpointKey } from "../contracts/ledger.ts";
import { LOG_EVENTS } from "../contracts/log-events.ts";
import { CheckpointStatus, type Kind } from "../contracts/vocabulary.ts";
import { judge } from "../domain/checkpoints.ts";
import { type AlarmReader, alarmReader } from "../platform/alarm-reader.ts";
import { defineHandler } from "../platform/define-handler.ts";
import { ledgerOf } from "../platform/ledger/ledger-of.ts";
import type { LedgerTable } from "../platform/ledger/ledger-table.ts";
import { vectorOf } from "./record-checkpoint.ts";

const Input = z.strictObject({ environment: Environment, checkpointId: z.string() });
const Output = z.strictObject({ status: CheckpointStatus, because: z.string() });

interface Services {
  readonly keepers: Readonly<Partial<Record<Kind, Keeper>>>;
  readonly readers: Readonly<Partial<Record<Kind, VersionReader>>>;
  readonly alarms: AlarmReader;
  readonly ledger: LedgerTable;
  readonly clock: Clock;
}

/** After the bake time: proven when it still runs and nothing fired, else suspect, with the reason. */
export async function judgeCheckpoint(
  { environment, checkpointId }: z.infer<typeof Input>,
  { keepers, readers, alarms, ledger, clock }: Services,
): Promise<z.infer<typeof Output>> {
  const candidate = await ledger.get(checkpointKey(checkpointId), Checkpoint);
  if (!candidate)
    return { status: "suspect", because: `checkpoint ${checkpointId} is no longer in the ledger` };
  const now = clock();
  const names = environment.alarms.map((alarm) => alarmName(environment, alarm));
  const [running, states, history] = await Promise.all([
    vectorOf(environment, readers),
    alarms.statesOf(names),
    Promise.all(names.map((name) => alarms.firedBetween(name, new Date(candidate.recordedAt), now))),
  ]);
  const firing = new Set(states.filter((alarm) => alarm.state === "ALARM").map((alarm) => alarm.name));
  const fired = names.filter((name, index) => firing.has(name) || history[index] === true);
  const judged = judge(candidate, { running, fired, now });
  if (judged === candidate) return { status: judged.status, because: judged.because };
  const kept = judged.status === "proven" ? await keep(judged, environment, keepers) : [];
  await ledger.put(checkpointKey(judged.id), Checkpoint, judged);
  return { status: judged.status, because: [judged.because, ...kept].join("; ") };
}

/**
 * Keeps what was proven from being forgotten by AWS: a target that is gone when it is needed is none. What cannot be
 * kept is said; the version is proven all the same.
 */
async function keep(
  { id, vector }: Checkpoint,
  { components }: Environment,
  keepers: Services["keepers"],
): Promise<string[]> {
  const notes = Object.entries(vector).map(async ([name, version]) => {
    const configuration = components[name];
    const keeper = keepers[version.kind];
    if (!configuration || !keeper || configuration.kind !== version.kind) return [];
    const note = await keeper(configuration, version, id).catch(
      (error: unknown) => `could not be kept (${error instanceof Error ? error.message : String(error)})`,
    );
    return [`${name}: ${note}`];
  });
  return (await Promise.all(notes)).flat();
}

export const handler = defineHandler({
  name: "judge-checkpoint",
  input: Input,
  output: Output,
  services: (platform): Services => ({
    keepers: keepersOf(platform),
    readers: versionReadersOf(platform),
    alarms: alarmReader(),
    ledger: ledgerOf(platform),
    clock: platform.clock,
  }),
  async run(input, services, { logger }) {
    const result = await judgeCheckpoint(input, services);
    logger.info(LOG_EVENTS.checkpointJudged, { checkpointId: input.checkpointId, ...result });
    return result;
  },
});
