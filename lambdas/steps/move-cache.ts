import { cacheMoving } from "../components/cache/runtime.ts";
import { moverOf } from "../components/mover.ts";

/** Makes caches forget: a new epoch, a flush, or a copy from a snapshot. */
export const handler = moverOf("cache", cacheMoving);
