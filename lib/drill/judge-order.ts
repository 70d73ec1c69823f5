import { check } from "./check.ts";
import type { Check } from "./result.ts";
import type { Expectation } from "./scenario.ts";
import type { TimelineEntry } from "./timeline.ts";

/** Whether what a drill names happened, and in its order. */
export function judgeOrder({ inOrder = [] }: Expectation, timeline: readonly TimelineEntry[]): Check[] {
  if (inOrder.length === 0) return [];
  let from = 0;
  for (const part of inOrder) {
    const index = timeline.findIndex(({ text }, position) => position >= from && text.includes(part));
    if (index < 0) {
      const before = timeline[from - 1]?.text ?? "the beginning";
      return [check("everything happens in its order", false, `"${part}" does not come after "${before}"`)];
    }
    from = index + 1;
  }
  return [check("everything happens in its order", true, `${inOrder.length} lines`)];
}
