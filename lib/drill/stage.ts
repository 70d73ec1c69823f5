import {
  checkpointMachineName,
  cleanUpMachineName,
  type Environment,
  Environment as EnvironmentSchema,
  rollbackMachineName,
} from "../../lambdas/contracts/environment.ts";
import type { CompleteBoardroom } from "../region/application/complete-boardroom.ts";
import type { CompleteOptions } from "../region/application/complete-options.ts";
import { type Installation, installBoardroom } from "../region/application/install-boardroom.ts";
import {
  type CompleteIds,
  type InstalledComplete,
  installComplete,
} from "../region/application/install-complete.ts";
import { withInstalledIds } from "../region/application/written-ids.ts";
import { Region } from "../region/region.ts";
import { assemblyOf } from "./assembly-of.ts";
import { deploymentConfigurationOf } from "./deployment-configuration.ts";
import type { Scenario } from "./scenario.ts";

/** A region where boardroom 2.9.5 runs and is proven, and Stepback watches over it. */
export interface Stage {
  readonly region: Region;
  readonly environment: Environment;
  readonly installation: Installation;
  /** Everything beside the two services, when the drill has it. */
  readonly complete?: CompleteBoardroom;
  /** What AWS called the things of the complete application whose ids it makes up. */
  readonly ids?: CompleteIds;
  readonly rollbackMachine: string;
  readonly checkpointMachine: string;
  readonly cleanUpMachine: string;
  /** Where `stepback approve` would send its answer. */
  readonly approvalUrl: string;
  /** The URL of the queue that keeps undelivered events. */
  readonly deadLetterQueue: string;
  readonly ledgerTable: string;
  /** The names of Stepback's functions. */
  readonly functions: readonly string[];
}

/** Every drill begins at the same moment, so that logs can be compared. */
const FIRST_MOMENT = Date.parse("2026-11-21T00:00:00Z");
/** The application runs for a while before anybody watches it: an alarm without data may fire as soon as it is made. */
const ORDINARY_LIFE_MS = 15 * 60_000;
const LONGEST_SETUP_MS = 2 * 3_600_000;

export interface StageOptions {
  readonly environment: Environment;
  readonly application: Scenario["application"];
  readonly seed: number;
  /** The region's first moment, epoch milliseconds. @default - the same for every drill, so that logs can be compared */
  readonly start?: number;
}

/** Builds the stage: installs the application, deploys the synthesised stack, lets the first checkpoint bake. */
export async function setStage({
  environment: written,
  application,
  seed,
  start = FIRST_MOMENT,
}: StageOptions): Promise<Stage> {
  const { account, region: name } = written;
  const region = new Region({ account, region: name, seed, start });
  const installation: Installation = {
    context: region.context,
    call: (service, operation, input) => region.operate(service, operation, input),
    boardroom: region.boardroom,
    ecs: region.ecs,
    ecr: region.ecr,
    account: region,
    deploymentConfiguration: deploymentConfigurationOf(application, written),
    ...(application.services ? { services: application.services } : {}),
  };
  const { complete, settings } = await install(region, installation, application, written);
  await region.kernel.runUntil(region.kernel.now + ORDINARY_LIFE_MS);
  const environment = EnvironmentSchema.parse(settings);
  const stacks = await region.kernel.complete(region.deploy(assemblyOf(environment)));
  const machine = (machineName: string) => `arn:aws:states:${name}:${account}:stateMachine:${machineName}`;
  const resources = stacks.flatMap((stack) => [...stack.resources.values()]);
  const approvalUrl = stacks
    .flatMap((stack) => Object.entries(stack.outputs))
    .find(([key]) => key.includes("ApprovalUrl"))?.[1];
  const stage: Stage = {
    region,
    environment,
    installation: complete?.installation ?? installation,
    ...(complete ? { complete: complete.complete, ids: complete.ids } : {}),
    rollbackMachine: machine(rollbackMachineName(environment)),
    checkpointMachine: machine(checkpointMachineName(environment)),
    cleanUpMachine: machine(cleanUpMachineName(environment)),
    approvalUrl: String(approvalUrl ?? ""),
    functions: resources.filter(({ type }) => type === "AWS::Lambda::Function").map(({ ref }) => ref),
    ledgerTable: resources.find(({ type }) => type === "AWS::DynamoDB::GlobalTable")?.ref ?? "",
    deadLetterQueue: resources.find(({ type }) => type === "AWS::SQS::Queue")?.ref ?? "",
  };
  await proveFirstRelease(stage);
  return stage;
}

/** The two services alone, or everything; then the environment names what AWS made up. */
async function install(
  region: Region,
  installation: Installation,
  { complete: options }: Scenario["application"],
  environment: Environment,
): Promise<{ readonly complete?: InstalledComplete; readonly settings: Environment }> {
  if (!options) {
    await region.kernel.complete(installBoardroom(installation));
    return { settings: environment };
  }
  // Optional members that were left out, as opposed to present and undefined.
  const wanted: CompleteOptions = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
  const complete = await region.kernel.complete(installComplete({ ...installation, region }, wanted));
  return { complete, settings: withInstalledIds(environment, complete.ids) };
}

/** Enrolment: the first checkpoint is recorded by hand, as docs/runbook.md says, and bakes. */
async function proveFirstRelease({ region, checkpointMachine }: Stage): Promise<void> {
  const { kernel } = region;
  const started = await kernel.complete(
    region.operate("states", "StartExecution", { stateMachineArn: checkpointMachine }),
  );
  const execution = { executionArn: started["executionArn"] };
  const deadline = kernel.now + LONGEST_SETUP_MS;
  for (;;) {
    await kernel.runUntil(kernel.now + 30_000);
    const { status } = await kernel.complete(region.operate("states", "DescribeExecution", execution));
    if (status === "SUCCEEDED") return;
    if (status !== "RUNNING" || kernel.now > deadline) {
      throw new Error(
        `The first checkpoint of the stage ended ${String(status)}: ${JSON.stringify(await kernel.complete(region.operate("states", "DescribeExecution", execution)))}`,
      );
    }
  }
}
