import type { ExecutionRedriveStatus, ExecutionStatus } from "@aws-sdk/client-sfn";
import type { ExecutionHistory } from "../../states-language/execution-history.ts";

/** Whether an execution may be redriven, and in AWS's words why not [SDK: DescribeExecutionOutput.redriveStatusReason]. */
export function redriveStatus(
  {
    status,
    startDate,
    stopDate,
    history,
  }: {
    readonly status: ExecutionStatus;
    readonly startDate: Date;
    readonly stopDate: Date | undefined;
    readonly history: ExecutionHistory;
  },
  now: number,
): { readonly redriveStatus: ExecutionRedriveStatus; readonly redriveStatusReason?: string } {
  const reason = refusal(status, startDate, stopDate, history.events.length, now);
  return reason === undefined
    ? { redriveStatus: "REDRIVABLE" }
    : { redriveStatus: "NOT_REDRIVABLE", redriveStatusReason: reason };
}

/** "Maximum execution time: 1 year"; after that it times out [AWS quotas page]. */
export const longestExecutionMs = 365 * 24 * 3_600_000;

/** "executions … that didn't complete successfully in the last 14 days" [SDK: RedriveExecution]. */
const redrivableMs = 14 * 24 * 3_600_000;

/** "The execution event history count is less than 24,999" [SDK: RedriveExecution]. */
const redrivableEvents = 24_999;

/** Which reason AWS gives when several hold is unverified. */
function refusal(
  status: ExecutionStatus,
  startDate: Date,
  stopDate: Date | undefined,
  events: number,
  now: number,
): string | undefined {
  if (status === "RUNNING" || status === "SUCCEEDED") return `Execution is ${status} and cannot be redriven`;
  if (events >= redrivableEvents) return "Execution history event limit exceeded";
  if (now - startDate.getTime() > longestExecutionMs) return "Execution has exceeded the max execution time";
  if (stopDate && now - stopDate.getTime() > redrivableMs) return "Execution redrivable period exceeded";
  return undefined;
}
