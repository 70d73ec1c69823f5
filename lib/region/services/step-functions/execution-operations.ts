import * as sfn from "@aws-sdk/client-sfn";
import { AwsError, type Permission, type ServiceModel } from "../../service-model.ts";
import type { Execution } from "./execution.ts";
import type { Executions } from "./executions.ts";
import { pageOf } from "./page.ts";
import type { StateMachines } from "./state-machines.ts";

/** Starting, watching, stopping and redriving executions. */
export function addExecutionOperations(
  model: ServiceModel,
  machines: StateMachines,
  executions: Executions,
): void {
  model
    .on(sfn.StartExecutionCommand, {
      accepts: ["stateMachineArn", "name", "input", "traceHeader"],
      authorize: ({ stateMachineArn }) => [
        { action: "states:StartExecution", resource: stateMachineArn ?? "*" },
      ],
      handle: ({ stateMachineArn = "", name, input = "{}" }) => {
        const { facts, startDate } = executions.start(machines.get(stateMachineArn), name, input);
        return { executionArn: facts.arn, startDate };
      },
    })
    .on(sfn.DescribeExecutionCommand, {
      accepts: ["executionArn", "includedData"],
      authorize: onExecution("states:DescribeExecution"),
      handle: ({ executionArn, includedData }) => {
        const described = executions.get(executionArn).describe();
        return includedData === "METADATA_ONLY" ? withoutData(described) : described;
      },
    })
    .on(sfn.GetExecutionHistoryCommand, {
      accepts: ["executionArn", "maxResults", "reverseOrder", "nextToken", "includeExecutionData"],
      authorize: onExecution("states:GetExecutionHistory"),
      handle: ({ executionArn, reverseOrder, includeExecutionData = true, ...paging }) => {
        const { events } = executions.get(executionArn).history;
        const { items, ...next } = pageOf(reverseOrder ? events.toReversed() : events, paging);
        return { events: includeExecutionData ? items : items.map(eventWithoutData), ...next };
      },
    })
    .on(sfn.ListExecutionsCommand, {
      accepts: ["stateMachineArn", "statusFilter", "maxResults", "nextToken", "redriveFilter"],
      authorize: ({ stateMachineArn }) => [
        { action: "states:ListExecutions", resource: stateMachineArn ?? "*" },
      ],
      handle: ({ stateMachineArn = "", statusFilter, redriveFilter, ...paging }) => {
        if (redriveFilter !== undefined) throw new AwsError("ValidationException", redriveFilterRefused);
        const all = executions
          .of(machines.get(stateMachineArn))
          .filter(({ status }) => statusFilter === undefined || status === statusFilter);
        const { items, ...next } = pageOf(all, paging);
        return { executions: items.map(listItem), ...next };
      },
    })
    .on(sfn.StopExecutionCommand, {
      accepts: ["executionArn", "error", "cause"],
      authorize: onExecution("states:StopExecution"),
      handle: ({ executionArn, error, cause }) => ({
        stopDate: executions.get(executionArn).stop(error, cause),
      }),
    })
    .on(sfn.RedriveExecutionCommand, {
      accepts: ["executionArn", "clientToken"],
      authorize: onExecution("states:RedriveExecution"),
      handle: ({ executionArn, clientToken }) => ({
        redriveDate: executions.redrive(executionArn, clientToken),
      }),
    });
}

/**
 * "If you provide a state machine ARN in redriveFilter, the API returns a validation exception" [SDK:
 * ListExecutionsInput; radkawar/stackd, redrive_execution.json]: the filter is for Map Runs, which are not modelled. The
 * words are unverified.
 */
const redriveFilterRefused = "redriveFilter cannot be used together with stateMachineArn";

/** [Service Authorization Reference, AWS Step Functions: resource type `execution*`] */
function onExecution(action: string) {
  return ({ executionArn }: { readonly executionArn: string | undefined }): readonly Permission[] => [
    { action, resource: executionArn ?? "*" },
  ];
}

function listItem({ facts, machine, status, startDate, stopDate, redriveCount, redriveDate }: Execution) {
  return {
    executionArn: facts.arn,
    stateMachineArn: machine.arn,
    name: facts.name,
    status,
    startDate,
    stopDate,
    redriveCount,
    redriveDate,
  };
}

function withoutData(described: ReturnType<Execution["describe"]>): ReturnType<Execution["describe"]> {
  const { input: _input, output: _output, error: _error, cause: _cause, ...metadata } = described;
  return metadata;
}

const dataMembers: ReadonlySet<string> = new Set([
  "assignedVariables",
  "cause",
  "error",
  "input",
  "output",
  "parameters",
]);

/** "You can select whether execution data (input or output of a history event) is returned" [SDK]. */
function eventWithoutData(event: sfn.HistoryEvent): sfn.HistoryEvent {
  const bare = Object.entries(event).map(([key, value]: [string, unknown]) => {
    const isDetails = typeof value === "object" && value !== null && !(value instanceof Date);
    if (!isDetails) return [key, value];
    return [key, Object.fromEntries(Object.entries(value).filter(([member]) => !dataMembers.has(member)))];
  });
  // Only optional members were left out, so this is still a history event.
  return Object.fromEntries(bare) as sfn.HistoryEvent;
}
