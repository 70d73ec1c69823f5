import * as sfn from "@aws-sdk/client-sfn";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import { checkDefinition } from "../../states-language/check/check-definition.ts";
import { diagnosticOf, failsCreation } from "./diagnostics.ts";
import type { Executions } from "./executions.ts";
import { pageOf } from "./page.ts";
import { checkArn, type StateMachine, type StateMachines } from "./state-machines.ts";
import type { StatesWorld } from "./states-world.ts";

/** Reading machines, validating definitions, tags. */
export function addMachineOperations(
  model: ServiceModel,
  { integrations }: StatesWorld,
  machines: StateMachines,
  executions: Executions,
): void {
  model
    .on(sfn.DescribeStateMachineCommand, {
      accepts: ["stateMachineArn", "includedData"],
      authorize: ({ stateMachineArn }) => [
        { action: "states:DescribeStateMachine", resource: stateMachineArn ?? "*" },
      ],
      handle: ({ stateMachineArn = "", includedData }) => {
        const machine = machines.get(stateMachineArn);
        return {
          ...describe(machine, includedData),
          status: "ACTIVE" as const,
          type: "STANDARD" as const,
          creationDate: machine.creationDate,
        };
      },
    })
    .on(sfn.DescribeStateMachineForExecutionCommand, {
      accepts: ["executionArn", "includedData"],
      authorize: ({ executionArn }) => [
        { action: "states:DescribeStateMachineForExecution", resource: executionArn ?? "*" },
      ],
      handle: ({ executionArn, includedData }) => {
        const { machine } = executions.get(executionArn);
        return { ...describe(machine, includedData), updateDate: machine.creationDate };
      },
    })
    .on(sfn.ListStateMachinesCommand, {
      accepts: ["maxResults", "nextToken"],
      authorize: () => [{ action: "states:ListStateMachines", resource: "*" }],
      handle: (paging) => {
        const { items, ...next } = pageOf(machines.list(), paging);
        const stateMachines = items.map(({ arn, name, creationDate }) => ({
          stateMachineArn: arn,
          name,
          type: "STANDARD" as const,
          creationDate,
        }));
        return { stateMachines, ...next };
      },
    })
    .on(sfn.ValidateStateMachineDefinitionCommand, {
      accepts: ["definition", "type", "severity", "maxResults"],
      authorize: () => [{ action: "states:ValidateStateMachineDefinition", resource: "*" }],
      handle: ({ definition, type = "STANDARD", severity = "ERROR", maxResults }) => {
        if (type !== "STANDARD")
          throw new AwsError("ValidationException", "The region models STANDARD workflows only");
        const findings = checkDefinition(definition, integrations);
        const wanted = findings.filter((finding) => severity === "WARNING" || failsCreation(finding));
        const limit = maxResults || 100;
        return {
          result: findings.some(failsCreation) ? ("FAIL" as const) : ("OK" as const),
          diagnostics: wanted.slice(0, limit).map(diagnosticOf),
          truncated: wanted.length > limit,
        };
      },
    });
  addTagOperations(model, machines);
}

function addTagOperations(model: ServiceModel, machines: StateMachines): void {
  model
    .on(sfn.TagResourceCommand, {
      accepts: ["resourceArn", "tags"],
      authorize: ({ resourceArn }) => [{ action: "states:TagResource", resource: resourceArn ?? "*" }],
      handle: ({ resourceArn, tags = [] }) => {
        const machine = tagged(machines, resourceArn);
        const keys = new Set(tags.map(({ key }) => key));
        machine.tags = [...machine.tags.filter(({ key }) => !keys.has(key)), ...tags];
        return {};
      },
    })
    .on(sfn.ListTagsForResourceCommand, {
      accepts: ["resourceArn"],
      authorize: ({ resourceArn }) => [
        { action: "states:ListTagsForResource", resource: resourceArn ?? "*" },
      ],
      handle: ({ resourceArn }) => ({ tags: [...tagged(machines, resourceArn).tags] }),
    });
}

function tagged(machines: StateMachines, arn: string | undefined): StateMachine {
  checkArn(arn);
  const machine = machines.find(arn);
  if (!machine) throw new AwsError("ResourceNotFound", `Resource not found: '${arn}'`);
  return machine;
}

function describe(machine: StateMachine, includedData: sfn.IncludedData | undefined) {
  return {
    stateMachineArn: machine.arn,
    name: machine.name,
    definition: includedData === "METADATA_ONLY" ? "" : machine.definitionText,
    roleArn: machine.roleArn,
    revisionId: machine.revisionId,
    ...machine.settings,
  };
}
