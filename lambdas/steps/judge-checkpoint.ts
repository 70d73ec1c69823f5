import * as z from "zod";
import type { Clock, VersionReader } from "../components/component.ts";
import { versionReadersOf } from "../components/registry.ts";
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
  readonly readers: Readonly<Record<Kind, VersionReader>>;
  readonly alarms: AlarmReader;
  readonly ledger: LedgerTable;
  readonly clock: Clock;
}

/** After the bake time: proven when it still runs and nothing fired, else suspect, with the reason. */
export async function judgeCheckpoint(
  { environment, checkpointId }: z.infer<typeof Input>,
  { readers, alarms, ledger, clock }: Services,
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
  if (judged !== candidate) await ledger.put(checkpointKey(judged.id), Checkpoint, judged);
  return { status: judged.status, because: judged.because };
}

export const handler = defineHandler({
  name: "judge-checkpoint",
  input: Input,
  output: Output,
  services: (platform): Services => ({
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
