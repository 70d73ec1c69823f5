import * as z from "zod";
import type { Clock } from "../components/component.ts";
import { LOG_EVENTS } from "../contracts/log-events.ts";
import { Verification } from "../contracts/verification.ts";
import { verify } from "../domain/verify.ts";
import { type AlarmReader, alarmReader } from "../platform/alarm-reader.ts";
import { defineHandler } from "../platform/define-handler.ts";
import { follow } from "../platform/follow.ts";
import type { Platform } from "../platform/platform.ts";

const Input = z.strictObject({
  rollbackId: z.string(),
  alarms: z.array(z.string()),
  verifyMinutes: z.number(),
  /** When the last cut-over was confirmed, ISO 8601: the time for verification runs from here. */
  cutOverAt: z.string(),
});

interface Services {
  readonly alarms: AlarmReader;
  readonly clock: Clock;
  readonly sleep: Platform["sleep"];
}

/** Alarms are evaluated every 60 s (10 s for high resolution): looking more often sees nothing new. */
const LOOK_EVERY_SECONDS = 5;

/** Watches the alarms until all are OK or the time for it is over. */
export async function verifyRecovery(
  input: z.infer<typeof Input>,
  { alarms, clock, sleep }: Services,
  remainingMillis: () => number,
): Promise<Verification> {
  const deadline = Date.parse(input.cutOverAt) + input.verifyMinutes * 60_000;
  const look = async () => {
    const verification = verify(await alarms.statesOf(input.alarms), input.alarms, {
      now: clock(),
      deadline,
    });
    return verification.status === "waiting"
      ? { ...verification, waitSeconds: LOOK_EVERY_SECONDS }
      : verification;
  };
  const { status, note, open, recoveredAt } = await follow<Verification & { waitSeconds?: number }>(look, {
    sleep,
    remainingMillis,
  });
  return { status, note, open, ...(recoveredAt ? { recoveredAt } : {}) };
}

export const handler = defineHandler({
  name: "verify-recovery",
  input: Input,
  output: Verification,
  services: (platform): Services => ({ alarms: alarmReader(), clock: platform.clock, sleep: platform.sleep }),
  async run(input, services, { logger, remainingMillis }) {
    const verification = await verifyRecovery(input, services, remainingMillis);
    logger.info(LOG_EVENTS.verified, { status: verification.status, open: verification.open });
    return verification;
  },
});
