import { frontendMoving } from "../components/frontend/runtime.ts";
import { moverOf } from "../components/mover.ts";

/** Moves frontends: a pointer, an origin path, or the objects themselves. */
export const handler = moverOf("frontend", frontendMoving);
