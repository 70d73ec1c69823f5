import * as sdk from "@aws-sdk/client-application-auto-scaling";
import type { RegionContext } from "../../region-context.ts";
import { ServiceModel } from "../../service-model.ts";
import type { AutoScalingOptions } from "./auto-scaling-options.ts";
import { policyOperations } from "./operations-policies.ts";
import { targetOperations } from "./operations-targets.ts";
import { ScalableTargets } from "./scalable-targets.ts";
import { TargetTracking } from "./target-tracking.ts";

/** Application Auto Scaling in the simulated region. */
export interface ApplicationAutoScaling {
  readonly model: ServiceModel;
}

/** Application Auto Scaling for the counts of ECS services: bounds, target tracking, and its suspension. */
export function applicationAutoScalingService(
  context: RegionContext,
  options: AutoScalingOptions,
): ApplicationAutoScaling {
  const targets = new ScalableTargets(context, options);
  const client = new sdk.ApplicationAutoScalingClient({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const model = new ServiceModel("application-autoscaling", sdk, client);
  targetOperations(model, targets);
  policyOperations(model, targets, new TargetTracking(targets, options));
  return { model };
}
