import { moverOf } from "../components/mover.ts";
import { parameterMoving } from "../components/parameter/runtime.ts";

/** Moves parameters and AppConfig configurations. */
export const handler = moverOf("parameter", parameterMoving);
