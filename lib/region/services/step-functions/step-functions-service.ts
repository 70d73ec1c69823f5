import * as sfn from "@aws-sdk/client-sfn";
import type { RegionContext } from "../../region-context.ts";
import { ServiceModel } from "../../service-model.ts";
import type { SdkService } from "../../states-language/integrations/sdk-integration.ts";
import { addExecutionOperations } from "./execution-operations.ts";
import { Executions } from "./executions.ts";
import { addMachineOperations } from "./machine-operations.ts";
import { stateMachineResource } from "./state-machine-resource.ts";
import { StateMachines } from "./state-machines.ts";
import { statesWorld } from "./states-world.ts";
import { addTaskOperations } from "./task-operations.ts";

export interface StepFunctionsOptions {
  /** The services that machines may call as `aws-sdk:…`; none unless told. */
  readonly sdkServices?: readonly SdkService[];
}

export interface StepFunctions {
  readonly model: ServiceModel;
  /** For tests and reports: every execution with its history, and `transitionsOf(executionArn)`. */
  readonly executions: Executions;
}

/**
 * AWS Step Functions, Standard workflows in JSONata: machines come from CloudFormation, executions interpret their
 * definition in virtual time and call other services as the machine's role.
 */
export function stepFunctionsService(
  context: RegionContext,
  options: StepFunctionsOptions = {},
): StepFunctions {
  const world = statesWorld(context, options.sdkServices ?? []);
  const machines = new StateMachines(world);
  const executions = new Executions(world);
  const client = new sfn.SFNClient({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const model = new ServiceModel("states", sfn, client);
  addExecutionOperations(model, machines, executions);
  addMachineOperations(model, world, machines, executions);
  addTaskOperations(model, world.tokens);
  model.provides("AWS::StepFunctions::StateMachine", stateMachineResource(machines));
  return { model, executions };
}
