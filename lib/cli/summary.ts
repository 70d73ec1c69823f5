import type { DrillResult } from "../drill/result.ts";
import { passed } from "../drill/result.ts";

/** What `--json` prints: one object a machine can read. Times are ISO 8601 in virtual time, durations seconds. */
export function summaryOf(result: DrillResult) {
  const [first] = result.rollbacks;
  return {
    title: result.title,
    seed: result.seed,
    passed: passed(result),
    outcome: first?.outcome ?? "none",
    sentence: first?.sentence ?? "",
    rollbackId: first?.rollbackId ?? null,
    report: first?.report ?? null,
    durations: { ...first?.durations, userImpactSeconds: result.measured.userImpactSeconds },
    failedRequests: result.measured.failedRequests,
    stateTransitions: first?.stateTransitions ?? 0,
    stateTransitionsToFirstChange: first?.transitionsToFirstChange ?? null,
    apiCalls: result.apiCalls,
    rollbacks: result.rollbacks.map(({ execution, outcome, sentence }) => ({ execution, outcome, sentence })),
    checks: result.checks,
    timeline: result.timeline.map(({ at, ...told }) => ({ at: new Date(at).toISOString(), ...told })),
  };
}
