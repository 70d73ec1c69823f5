import type { RunTaskRequest, TaskDefinition } from "@aws-sdk/client-ecs";
import { AwsError } from "../../service-model.ts";

const FARGATE_PROVIDERS = ["FARGATE", "FARGATE_SPOT"];

/** What RunTask refuses with an exception. Limits from [dts RunTaskRequest]; texts are unverified unless said. */
export function checkRunTask(input: RunTaskRequest, definition: TaskDefinition): void {
  const { count = 1, startedBy = "", clientToken } = input;
  if (count < 1 || count > 10) refuse("Count must be between 1 and 10.");
  if (!/^[A-Za-z0-9\-/_]{0,128}$/.test(startedBy)) {
    refuse(
      "startedBy may have up to 128 letters (uppercase and lowercase), numbers, hyphens, slashes, and underscores.",
    );
  }
  if (clientToken !== undefined && !/^[!-~]{1,64}$/.test(clientToken)) {
    refuse("clientToken may have up to 64 characters in the range of 33-126.");
  }
  if (input.propagateTags === "SERVICE") {
    refuse("Unable to propagate tags from SERVICE when running a task.");
  }
  checkPlacement(input, definition);
  checkOverrides(input, definition);
}

function checkPlacement(input: RunTaskRequest, { networkMode }: TaskDefinition): void {
  const strategy = input.capacityProviderStrategy ?? [];
  if (strategy.length > 0 && input.launchType !== undefined) {
    refuse(
      "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.",
    );
  }
  const foreign = strategy.find(({ capacityProvider = "" }) => !FARGATE_PROVIDERS.includes(capacityProvider));
  if (foreign) refuse(`The specified capacity provider '${foreign.capacityProvider}' was not found.`);
  if (input.launchType === "EXTERNAL" || input.launchType === "MANAGED_INSTANCES") {
    throw new AwsError(
      "UnsupportedFeatureException",
      `The simulated region does not model the launch type ${input.launchType}.`,
    );
  }
  // Both texts are seen in the wild, through moto and through users' reports.
  if (networkMode === "awsvpc" && !input.networkConfiguration?.awsvpcConfiguration?.subnets?.length) {
    refuse("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  if (networkMode !== "awsvpc" && input.networkConfiguration) {
    refuse("Network Configuration is not valid for the given networkMode of this task definition.");
  }
}

function checkOverrides({ overrides }: RunTaskRequest, definition: TaskDefinition): void {
  if (!overrides) return;
  if (JSON.stringify(overrides).length > 8192) refuse("Container Overrides length must be at most 8192");
  for (const { name } of overrides.containerOverrides ?? []) {
    if (!definition.containerDefinitions?.some((container) => container.name === name)) {
      refuse(`Override for container named ${name} is not a container in the TaskDefinition.`);
    }
  }
}

function refuse(message: string): never {
  throw new AwsError("InvalidParameterException", message);
}
