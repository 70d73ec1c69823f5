import type { DatabaseMove } from "../../../contracts/kinds/database.ts";
import type { DriverServices } from "../job.ts";

/** What a shape needs to know of the move and its surroundings. */
export interface ShapeParts extends Pick<DriverServices, "rds" | "rdsOnce" | "rollbackId"> {
  readonly details: DatabaseMove;
}
