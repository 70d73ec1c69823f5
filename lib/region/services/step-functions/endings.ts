import type { HistoryEventType } from "@aws-sdk/client-sfn";
import type { EventDetails } from "../../states-language/execution-history.ts";

/** What an execution ends with: its output as JSON text, or why it did not succeed. */
export type Ending = { readonly output: string } | { readonly error?: string; readonly cause?: string };

/**
 * The terminal events. A timeout leaves DescribeExecution without error and cause while its event carries
 * `States.Timeout` [measured on AWS by floci-io/floci#2782].
 */
export const endings: Readonly<
  Record<
    "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED",
    { readonly type: HistoryEventType; readonly details: (ending: Ending) => EventDetails }
  >
> = {
  SUCCEEDED: {
    type: "ExecutionSucceeded",
    details: (ending) => ({
      executionSucceededEventDetails: {
        output: "output" in ending ? ending.output : "null",
        outputDetails: { truncated: false },
      },
    }),
  },
  FAILED: {
    type: "ExecutionFailed",
    details: (ending) => ({ executionFailedEventDetails: failureOf(ending) }),
  },
  TIMED_OUT: {
    type: "ExecutionTimedOut",
    details: () => ({ executionTimedOutEventDetails: { error: "States.Timeout" } }),
  },
  ABORTED: {
    type: "ExecutionAborted",
    details: (ending) => ({ executionAbortedEventDetails: failureOf(ending) }),
  },
};

function failureOf(ending: Ending): { readonly error?: string; readonly cause?: string } {
  return "output" in ending ? {} : ending;
}
