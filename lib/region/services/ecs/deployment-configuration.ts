import type { DeploymentConfiguration } from "@aws-sdk/client-ecs";
import { AwsError } from "../../service-model.ts";

/** The members of `deploymentConfiguration` that the model honours. */
export const CONFIGURATION_ACCEPTS = [
  "maximumPercent",
  "minimumHealthyPercent",
  "deploymentCircuitBreaker",
  "alarms",
  "strategy",
  "bakeTimeInMinutes",
  "linearConfiguration",
  "canaryConfiguration",
  "lifecycleHooks",
].map((member) => `deploymentConfiguration.${member}`);

/**
 * Completes and checks a requested configuration. Members left out of an UpdateService get their defaults here: what
 * AWS does is unverified (docs/facts/ecs.md §2.3), and this is the reading that punishes a partial request.
 */
export function completeConfiguration(
  requested: DeploymentConfiguration | undefined,
  isDaemon = false,
): DeploymentConfiguration {
  const { lifecycleHooks, ...members } = requested ?? {};
  if ((lifecycleHooks ?? []).length > 0) {
    throw new AwsError(
      "UnsupportedFeatureException",
      "The simulated region does not model deployment lifecycle hooks.",
    );
  }
  const configuration: DeploymentConfiguration = {
    // "The default … for a service using the DAEMON service schedule is 0", and 100 for the maximum (the API; the
    // latter unverified).
    maximumPercent: isDaemon ? 100 : 200,
    minimumHealthyPercent: isDaemon ? 0 : 100,
    strategy: "ROLLING",
    ...members,
    deploymentCircuitBreaker: members.deploymentCircuitBreaker ?? { enable: false, rollback: false },
    alarms: members.alarms ?? { alarmNames: [], enable: false, rollback: false },
  };
  validate(configuration);
  return configuration;
}

/** Whether deployments run a second revision beside the first and shift traffic to it. */
export function shiftsTraffic(configuration: DeploymentConfiguration): boolean {
  return configuration.strategy !== undefined && configuration.strategy !== "ROLLING";
}

/** Ranges from [dts]; the texts are unverified. */
function validate(configuration: DeploymentConfiguration): void {
  const { strategy, bakeTimeInMinutes, linearConfiguration, canaryConfiguration } = configuration;
  if (strategy === "BLUE_GREEN" && bakeTimeInMinutes === undefined) {
    refuse("bakeTimeInMinutes is required when the deployment strategy is BLUE_GREEN.");
  }
  if (linearConfiguration && strategy !== "LINEAR") {
    refuse("linearConfiguration is only valid when the deployment strategy is LINEAR.");
  }
  if (canaryConfiguration && strategy !== "CANARY") {
    refuse("canaryConfiguration is only valid when the deployment strategy is CANARY.");
  }
  checkRange("bakeTimeInMinutes", bakeTimeInMinutes, 0, 1440);
  checkRange("stepPercent", linearConfiguration?.stepPercent, 3, 100);
  checkRange("stepBakeTimeInMinutes", linearConfiguration?.stepBakeTimeInMinutes, 0, 1440);
  checkRange("canaryPercent", canaryConfiguration?.canaryPercent, 0.1, 100);
  checkRange("canaryBakeTimeInMinutes", canaryConfiguration?.canaryBakeTimeInMinutes, 0, 1440);
  checkRange("minimumHealthyPercent", configuration.minimumHealthyPercent, 0, 100);
  checkRange("maximumPercent", configuration.maximumPercent, 100, 200_000);
}

function checkRange(name: string, value: number | undefined, least: number, most: number): void {
  if (value !== undefined && (value < least || value > most)) {
    refuse(`${name} must be between ${least} and ${most}.`);
  }
}

function refuse(message: string): never {
  throw new AwsError("InvalidParameterException", message);
}
