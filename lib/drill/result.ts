import type { TimelineEntry } from "./timeline.ts";

/** One rollback (or request) of a drill. */
export interface RollbackSeen {
  readonly execution: string;
  readonly outcome: string;
  readonly sentence: string;
  readonly rollbackId: string | undefined;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly report: string | undefined;
  readonly durations: Readonly<Record<string, number>> | undefined;
  /** States entered, all of them, and those entered before ECS was first told to change something. */
  readonly stateTransitions: number;
  /** Whether it got as far as moving components. */
  readonly moved: boolean;
  readonly transitionsToFirstChange: number | undefined;
}

/** Whether one expectation held, in words. */
export interface Check {
  readonly claim: string;
  readonly held: boolean;
  readonly found: string;
}

/** What came of a drill. */
export interface DrillResult {
  readonly title: string;
  readonly seed: number;
  readonly rollbacks: readonly RollbackSeen[];
  readonly checks: readonly Check[];
  readonly timeline: readonly TimelineEntry[];
  /** Seconds; `userImpactSeconds` is measured at the application: first to last failed request. */
  readonly measured: { readonly userImpactSeconds: number; readonly failedRequests: number };
  /** Calls that Stepback made, by `service:Operation`. */
  readonly apiCalls: Readonly<Record<string, number>>;
  readonly startedAt: number;
}

export const passed = (result: DrillResult) => result.checks.every((check) => check.held);
