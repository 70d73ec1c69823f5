import type { ServiceRecord } from "./service-record.ts";
import type { TaskFleet } from "./task-fleet.ts";
import { wantedCount } from "./task-sets.ts";

/** Services with a CODE_DEPLOY controller: ECS keeps every task set at its count, and decides nothing else. */
export class TaskSetStrategy {
  readonly #fleet: TaskFleet;

  constructor(fleet: TaskFleet) {
    this.#fleet = fleet;
  }

  step(service: ServiceRecord): void {
    for (const set of service.rollouts) {
      if (set.status === "DRAINING") this.#fleet.retireAll(service, set);
      else this.#fleet.hold(service, set, wantedCount(service, set));
    }
  }
}
