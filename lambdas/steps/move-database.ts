import { databaseMoving } from "../components/database/runtime.ts";
import { moverOf } from "../components/mover.ts";

/** Moves databases: restores a copy, checks it, brings users to it, keeps the old one. */
export const handler = moverOf("database", databaseMoving);
