import type { DatabaseMove } from "../../../contracts/kinds/database.ts";
import type { DriverServices } from "../job.ts";
import { clusterShape } from "./cluster-shape.ts";
import { instanceShape } from "./instance-shape.ts";
import type { Shape } from "./shape.ts";

/** What a shape needs to know of the move and its surroundings. */
export interface ShapeParts extends Pick<DriverServices, "rds" | "rdsOnce" | "rollbackId"> {
  readonly details: DatabaseMove;
}

export function shapeOf(parts: ShapeParts): Shape {
  return parts.details.shape === "instance" ? instanceShape(parts) : clusterShape(parts);
}
