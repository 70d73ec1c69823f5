import { maintenanceMoving } from "../components/maintenance/runtime.ts";
import { moverOf } from "../components/mover.ts";

/** Switches the maintenance page and isolation on and off. */
export const handler = moverOf("maintenance", maintenanceMoving);
