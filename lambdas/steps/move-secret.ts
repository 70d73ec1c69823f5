import { moverOf } from "../components/mover.ts";
import { secretMoving } from "../components/secret/runtime.ts";

/** Moves the labels of secrets, or rotates them forward after a breach. */
export const handler = moverOf("secret", secretMoving);
