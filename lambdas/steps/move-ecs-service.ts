import type { Driver } from "../components/component.ts";
import { driveOf } from "../components/drive.ts";
import { ecsServiceDriverOf } from "../components/registry.ts";
import { LOG_EVENTS } from "../contracts/log-events.ts";
import { Tick, TickRequest } from "../contracts/tick.ts";
import { defineHandler } from "../platform/define-handler.ts";
import { follow } from "../platform/follow.ts";
import type { Platform } from "../platform/platform.ts";

interface Services {
  readonly driverFor: (request: TickRequest) => Driver;
  readonly sleep: Platform["sleep"];
}

/** Moves one ECS service to its target and follows the deployment as long as this invocation may last. */
export async function moveEcsService(
  request: TickRequest,
  services: Services,
  remainingMillis: () => number,
): Promise<Tick> {
  const tick = driveOf(services.driverFor(request), request);
  return follow(tick, { sleep: services.sleep, remainingMillis });
}

export const handler = defineHandler({
  name: "move-ecs-service",
  input: TickRequest,
  output: Tick,
  services: (platform): Services => ({ driverFor: ecsServiceDriverOf(platform), sleep: platform.sleep }),
  async run(request, services, { logger, remainingMillis }) {
    const tick = await moveEcsService(request, services, remainingMillis);
    logger.info(LOG_EVENTS.tick, { verb: tick.verb, status: tick.status, note: tick.note });
    return tick;
  },
});
