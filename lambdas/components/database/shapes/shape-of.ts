import { clusterShape } from "./cluster-shape.ts";
import { instanceShape } from "./instance-shape.ts";
import type { Shape } from "./shape.ts";
import type { ShapeParts } from "./shape-parts.ts";

export function shapeOf(parts: ShapeParts): Shape {
  return parts.details.shape === "instance" ? instanceShape(parts) : clusterShape(parts);
}
