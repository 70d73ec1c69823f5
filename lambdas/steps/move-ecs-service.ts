import { ecsServiceMoving } from "../components/ecs-service/runtime.ts";
import { moverOf } from "../components/mover.ts";

/** Moves ECS services: to their target, out of the way of data and back, to fresh tasks. */
export const handler = moverOf("ecs-service", ecsServiceMoving);
