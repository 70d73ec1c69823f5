import type { DrillResult } from "../drill/result.ts";
import { passed } from "../drill/result.ts";

/** What `--json` prints, for `--help`. Members are added, never renamed: people parse it. */
export const JSON_HELP = `
--json prints one object:
  title, seed, passed      the drill, the world it was played in, whether every check held
  outcome, sentence        how the first rollback ended; with rollbackId and report (an s3:// address)
  durations                rollbackSeconds, recoverySeconds, impactSeconds, userImpactSeconds
  stateTransitions         of the first rollback; stateTransitionsToFirstChange: those before ECS was told anything
  rollbacks                execution, outcome and sentence of each
  failedRequests           what users saw
  apiCalls                 how often Stepback made a call, by "service:Operation"
  checks                   claim, held, found
  timeline                 at, who, text; details: the lines of a message that people got
Of a drill with several variants the object has "variants", with one of these for each by name.
Times are ISO 8601 in the region's time. The exit code is 0 when every check held, else 1.`;

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
