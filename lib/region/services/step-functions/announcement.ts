import type { ExecutionStatus } from "@aws-sdk/client-sfn";
import type { RegionContext } from "../../region-context.ts";
import type { Execution } from "./execution.ts";

/**
 * Tells the account that an execution changed its status: an event on the default bus and a datum in `AWS/States`.
 *
 * Event fields: AWS "cw-events" page. There is one at the start, at a redrive and at the end.
 */
export function announce(context: RegionContext, execution: Execution): void {
  const { status } = execution;
  context.emit({
    source: "aws.states",
    detailType: "Step Functions Execution Status Change",
    resources: [execution.facts.arn],
    detail: detailOf(execution),
  });
  for (const metricName of metricsOf(status, execution.redriveCount > 0)) {
    context.publishMetric({
      namespace: "AWS/States",
      metricName,
      dimensions: { StateMachineArn: execution.machine.arn },
      value: 1,
      unit: "Count",
    });
  }
}

/**
 * [AWS "procedure-cw-metrics" page]. A redrive is no start; what it ends in counts twice, as any execution's end and
 * as a redriven one's [radkawar/stackd, redrive_execution.json]. The zeros that AWS publishes beside are left out.
 */
function metricsOf(status: ExecutionStatus, redriven: boolean): readonly string[] {
  if (status === "RUNNING") return [redriven ? "ExecutionsRedriven" : "ExecutionsStarted"];
  const end = ends[status];
  if (end === undefined) return [];
  return redriven ? [`Executions${end}`, `RedrivenExecutions${end}`] : [`Executions${end}`];
}

const ends: Readonly<Partial<Record<ExecutionStatus, string>>> = {
  SUCCEEDED: "Succeeded",
  FAILED: "Failed",
  TIMED_OUT: "TimedOut",
  ABORTED: "Aborted",
};

/**
 * "If the combined escaped input and escaped output … exceeds 248KB, then the input will be excluded. Similarly, if
 * the escaped output exceeds 248KB, then the output will be excluded" [AWS cw-events page].
 */
const eventPayloadBytes = 248 * 1_024;

function detailOf(execution: Execution): Readonly<Record<string, unknown>> {
  const described = execution.describe();
  const { input = "", output } = described;
  const outputFits = escapedBytes(output ?? "") <= eventPayloadBytes;
  const inputFits = escapedBytes(input) + (outputFits ? escapedBytes(output ?? "") : 0) <= eventPayloadBytes;
  return {
    executionArn: described.executionArn,
    stateMachineArn: described.stateMachineArn,
    name: described.name,
    status: described.status,
    startDate: described.startDate?.getTime() ?? null,
    stopDate: described.stopDate?.getTime() ?? null,
    input: inputFits ? input : null,
    inputDetails: { included: inputFits },
    output: outputFits ? (output ?? null) : null,
    outputDetails: output === undefined ? null : { included: outputFits },
    error: described.error ?? null,
    cause: described.cause ?? null,
    stateMachineVersionArn: null,
    stateMachineAliasArn: null,
    redriveCount: described.redriveCount,
    redriveDate: described.redriveDate?.getTime() ?? null,
    redriveStatus: described.redriveStatus,
    redriveStatusReason: described.redriveStatusReason ?? null,
  };
}

function escapedBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text), "utf8");
}
