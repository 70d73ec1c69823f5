import { moverOf } from "../components/mover.ts";
import { taskMoving } from "../components/task/runtime.ts";

/** Runs tasks. */
export const handler = moverOf("task", taskMoving);
