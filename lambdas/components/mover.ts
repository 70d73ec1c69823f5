import { StepbackError } from "../contracts/errors.ts";
import { LOG_EVENTS } from "../contracts/log-events.ts";
import { Tick, TickRequest } from "../contracts/tick.ts";
import type { Kind } from "../contracts/vocabulary.ts";
import { defineHandler } from "../platform/define-handler.ts";
import { follow } from "../platform/follow.ts";
import type { Platform } from "../platform/platform.ts";
import type { Driver, MakeDriver } from "./component.ts";
import { driveOf } from "./drive.ts";

interface Services {
  readonly driverFor: (request: TickRequest) => Driver;
  readonly sleep: Platform["sleep"];
}

/** Carries out a part of one component's move, and follows it as long as this invocation may last. */
export async function moveComponent(
  request: TickRequest,
  services: Services,
  remainingMillis: () => number,
): Promise<Tick> {
  const drive = driveOf(services.driverFor(request), request);
  const tick = () => drive().catch((error: unknown) => afterTheCleanUp(error, request));
  return request.once ? tick() : follow(tick, { sleep: services.sleep, remainingMillis });
}

/** A redriven rollback may come before the clean-up of its stop is through: it waits, and fails nothing. */
function afterTheCleanUp(error: unknown, { move: { component }, verbs: [verb] }: TickRequest): Tick {
  if (!(error instanceof StepbackError) || error.name !== "BeingTidied" || !verb) throw error;
  return { component, verb, status: "working", note: error.message, waitSeconds: TIDYING_POLL_SECONDS };
}

/** The clean-up of a rollback that paused nobody takes under a minute. */
const TIDYING_POLL_SECONDS = 10;

/** The function that moves components of a kind: one a kind, so that it carries its own clients and permissions only. */
export function moverOf(kind: Kind, driverOf: MakeDriver) {
  return defineHandler({
    name: `move-${kind}`,
    input: TickRequest,
    output: Tick,
    services: (platform): Services => ({ driverFor: driverOf(platform), sleep: platform.sleep }),
    async run(request, services, { logger, remainingMillis }) {
      const tick = await moveComponent(request, services, remainingMillis);
      logger.info(LOG_EVENTS.tick, { verb: tick.verb, status: tick.status, note: tick.note });
      return tick;
    },
  });
}
