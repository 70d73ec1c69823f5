import type { DeploymentConfiguration } from "@aws-sdk/client-ecs";
import { alarmName, type Environment } from "../../lambdas/contracts/environment.ts";
import type { Scenario } from "./scenario.ts";

/** How the sample application's services deploy in a drill, as ECS wants it. */
export function deploymentConfigurationOf(
  { circuitBreaker, strategy, deploymentAlarms }: Scenario["application"],
  environment: Environment,
): DeploymentConfiguration {
  const breaker = { enable: circuitBreaker !== "off", rollback: circuitBreaker === "rollback" };
  const [first] = environment.alarms;
  return {
    deploymentCircuitBreaker: breaker,
    ...(strategy === "ROLLING" ? {} : { strategy, bakeTimeInMinutes: 10 }),
    ...(deploymentAlarms && first
      ? { alarms: { alarmNames: [alarmName(environment, first)], enable: true, rollback: true } }
      : {}),
  };
}
