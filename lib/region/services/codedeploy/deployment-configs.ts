import type { DeploymentConfigInfo, TrafficRoutingConfig } from "@aws-sdk/client-codedeploy";
import { AwsError } from "../../service-model.ts";

/** One step of a traffic shift: how much the new task set has from then on, and how long it stays so. */
export interface ShiftStep {
  readonly percent: number;
  readonly thenWaitMinutes: number;
}

/** The predefined configurations of the ECS platform [CodeDeploy deployment-configurations]; others are not modelled. */
const CONFIGS: Readonly<Record<string, TrafficRoutingConfig>> = {
  "CodeDeployDefault.ECSAllAtOnce": { type: "AllAtOnce" },
  "CodeDeployDefault.ECSLinear10PercentEvery1Minutes": linear(10, 1),
  "CodeDeployDefault.ECSLinear10PercentEvery3Minutes": linear(10, 3),
  "CodeDeployDefault.ECSCanary10Percent5Minutes": canary(10, 5),
  "CodeDeployDefault.ECSCanary10Percent15Minutes": canary(10, 15),
};

export const DEFAULT_CONFIG = "CodeDeployDefault.ECSAllAtOnce";

/** The configuration of this name, or CodeDeploy's answer when there is none. */
export function deploymentConfig(name: string): DeploymentConfigInfo {
  const trafficRoutingConfig = CONFIGS[name];
  if (!trafficRoutingConfig) {
    throw new AwsError(
      "DeploymentConfigDoesNotExistException",
      `No deployment configuration found for name: ${name}`,
    );
  }
  return { deploymentConfigName: name, computePlatform: "ECS", trafficRoutingConfig };
}

/** How traffic moves under a configuration, step by step. */
export function shiftSteps(name: string): readonly ShiftStep[] {
  const { timeBasedCanary, timeBasedLinear } = deploymentConfig(name).trafficRoutingConfig ?? {};
  if (timeBasedCanary) {
    const { canaryPercentage = 10, canaryInterval = 5 } = timeBasedCanary;
    return [{ percent: canaryPercentage, thenWaitMinutes: canaryInterval }, ALL];
  }
  if (timeBasedLinear) {
    const { linearPercentage = 10, linearInterval = 1 } = timeBasedLinear;
    const parts = Array.from({ length: Math.ceil(100 / linearPercentage) - 1 }, (_, index) => ({
      percent: linearPercentage * (index + 1),
      thenWaitMinutes: linearInterval,
    }));
    return [...parts, ALL];
  }
  return [ALL];
}

const ALL: ShiftStep = { percent: 100, thenWaitMinutes: 0 };

function linear(linearPercentage: number, linearInterval: number): TrafficRoutingConfig {
  return { type: "TimeBasedLinear", timeBasedLinear: { linearPercentage, linearInterval } };
}

function canary(canaryPercentage: number, canaryInterval: number): TrafficRoutingConfig {
  return { type: "TimeBasedCanary", timeBasedCanary: { canaryPercentage, canaryInterval } };
}
