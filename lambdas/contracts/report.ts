import * as z from "zod";
import { Result } from "./left-out.ts";
import { Announcement, PlannedRollback } from "./plan.ts";
import { Verification } from "./verification.ts";
import { Outcome } from "./vocabulary.ts";

/** What the workflow knows at the end, and what the report is written from. */
export const ReportRequest = z.strictObject({
  planned: PlannedRollback,
  results: z.array(Result),
  wayOut: z.array(Result).default([]),
  /** Null when not every component went back, so that there was nothing to verify. */
  verification: Verification.nullable(),
  execution: z.strictObject({ id: z.string(), startedAt: z.string() }),
  /** When the waves were done, ISO 8601. */
  cutOverAt: z.string(),
});

/** Seconds; the targets are those of seed 003 "Rollback Metrics". */
export const Durations = z.strictObject({
  /** From the start of the execution to the last cut-over confirmed; target < 10 minutes. */
  rollbackSeconds: z.number(),
  /** From the last cut-over confirmed to every alarm OK; target < 5 minutes; absent when not recovered. */
  recoverySeconds: z.number().optional(),
  /**
   * From the alarm (or the start) to every alarm OK, to the last cut-over when the alarms were OK all the time; target
   * < 15 minutes; absent when not recovered.
   */
  impactSeconds: z.number().optional(),
});

export const DURATION_TARGETS = { rollbackSeconds: 600, recoverySeconds: 300, impactSeconds: 900 } as const;

export const ReportResult = z.strictObject({
  outcome: Outcome,
  sentence: z.string(),
  announcement: Announcement,
  durations: Durations,
  /** `s3://bucket/key` of the readable report. */
  report: z.string(),
});

export type ReportRequest = z.infer<typeof ReportRequest>;
export type ReportResult = z.infer<typeof ReportResult>;
export type Durations = z.infer<typeof Durations>;
