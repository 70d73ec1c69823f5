import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { type Alarm, alarmName, type Environment } from "../../../lambdas/contracts/environment.ts";
import { arnIn } from "../step-function.ts";
import * as recipes from "./alarm-recipes.ts";
import { startupFailureRule } from "./rules.ts";

export interface RollbackAlarmsProps {
  readonly environment: Environment;
  readonly topic: ITopic;
}

/** The environment's alarms, made from their recipes. They reach the workflow through EventBridge, not through actions. */
export class RollbackAlarms extends Construct {
  readonly #props: RollbackAlarmsProps;

  constructor(scope: Construct, id: string, props: RollbackAlarmsProps) {
    super(scope, id);
    this.#props = props;
    for (const alarm of props.environment.alarms) {
      new cloudwatch.Alarm(this, pascal(alarm.name), {
        alarmName: alarmName(props.environment, alarm),
        ...this.#recipeOf(alarm),
      });
    }
  }

  #recipeOf(alarm: Alarm): recipes.Recipe {
    switch (alarm.recipe) {
      case "error-rate":
        return recipes.errorRate(alarm);
      case "unavailable":
        return recipes.unavailable(alarm);
      case "latency":
        return recipes.latency(alarm);
      case "memory":
        return recipes.memory(alarm, this.#onlyService(alarm));
      case "running-below-desired":
        return recipes.runningBelowDesired(alarm, this.#onlyService(alarm));
      case "startup-failure":
        return this.#startupFailure(alarm);
    }
  }

  #startupFailure(alarm: Alarm): recipes.Recipe {
    const services = this.#servicesOf(alarm).map((service) =>
      arnIn(this, "ecs", `service/${service.cluster}/${service.service}`),
    );
    const rule = startupFailureRule(this, `${pascal(alarm.name)}Rule`, {
      services,
      topic: this.#props.topic,
    });
    return recipes.startupFailure(rule.ruleName);
  }

  #onlyService(alarm: Alarm): recipes.EcsNames {
    const [first, ...others] = this.#servicesOf(alarm);
    if (first && others.length === 0) return first;
    throw new Error(
      `The alarm "${alarm.name}" (${alarm.recipe}) watches one ECS service, so "components" must name exactly one`,
    );
  }

  #servicesOf(alarm: Alarm): recipes.EcsNames[] {
    return alarm.components.flatMap((name) => {
      const component = this.#props.environment.components[name];
      return component?.kind === "ecs-service"
        ? [{ cluster: component.cluster, service: component.service }]
        : [];
    });
  }
}

const pascal = (name: string) =>
  name.replace(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());
