import * as sdk from "@aws-sdk/client-application-auto-scaling";
import { arnOf } from "../../region-context.ts";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import { onTarget } from "./operations-targets.ts";
import { page } from "./page.ts";
import { checkDimension, type ScalableTargets } from "./scalable-targets.ts";
import type { PolicyRecord, TargetTracking } from "./target-tracking.ts";

/** PutScalingPolicy, DescribeScalingPolicies: target tracking of a predefined metric only. */
export function policyOperations(
  model: ServiceModel,
  targets: ScalableTargets,
  tracking: TargetTracking,
): void {
  model
    .on(sdk.PutScalingPolicyCommand, {
      accepts: [
        "PolicyName",
        "ServiceNamespace",
        "ResourceId",
        "ScalableDimension",
        "PolicyType",
        ...[
          "TargetValue",
          "PredefinedMetricSpecification",
          "ScaleOutCooldown",
          "ScaleInCooldown",
          "DisableScaleIn",
        ].map((member) => `TargetTrackingScalingPolicyConfiguration.${member}`),
      ],
      authorize: (input) => [onTarget(targets, "PutScalingPolicy", input)],
      // The CloudWatch alarms that AWS makes for a policy exist only inside the model, so none are named.
      handle: (input) => ({ PolicyARN: putPolicy(targets, tracking, input).arn, Alarms: [] }),
    })
    .on(sdk.DescribeScalingPoliciesCommand, {
      accepts: [
        "PolicyNames",
        "ServiceNamespace",
        "ResourceId",
        "ScalableDimension",
        "MaxResults",
        "NextToken",
      ],
      authorize: () => [{ action: "application-autoscaling:DescribeScalingPolicies", resource: "*" }],
      handle: (input) => {
        checkDimension(input.ServiceNamespace, input.ScalableDimension);
        const { PolicyNames: names = [], ResourceId } = input;
        const found = tracking.policies
          .filter(({ name }) => names.length === 0 || names.includes(name))
          .filter(({ target }) => ResourceId === undefined || target.resourceId === ResourceId);
        const { items, next } = page(found, input, 10);
        return { ScalingPolicies: items.map(describePolicy), ...next };
      },
    });
}

function putPolicy(
  targets: ScalableTargets,
  tracking: TargetTracking,
  input: sdk.PutScalingPolicyRequest,
): PolicyRecord {
  checkDimension(input.ServiceNamespace, input.ScalableDimension);
  const { PolicyName: name = "", TargetTrackingScalingPolicyConfiguration: configuration } = input;
  const target = targets.find(input.ResourceId);
  if (!target) {
    throw new AwsError(
      "ObjectNotFoundException",
      `No scalable target registered for service namespace: ecs, resource ID: ${input.ResourceId}, ` +
        `scalable dimension: ${input.ScalableDimension}`,
    );
  }
  const known = tracking.policies.find((policy) => policy.name === name && policy.target === target);
  if (!configuration?.PredefinedMetricSpecification || (configuration.TargetValue ?? 0) <= 0) {
    throw new AwsError(
      "ValidationException",
      "A target tracking configuration with a metric and a target is required",
    );
  }
  if (known) {
    known.configuration = configuration;
    return known;
  }
  if (input.PolicyType !== "TargetTrackingScaling") {
    throw new AwsError("NotImplemented", "The simulated region models target tracking policies only", 501);
  }
  const { context, random } = targets;
  const rest = `${random.uuid()}:resource/ecs/${target.resourceId}:policyName/${name}`;
  const policy: PolicyRecord = {
    name,
    arn: arnOf(context, "autoscaling", `scalingPolicy:${rest}`),
    target,
    createdAt: context.kernel.now,
    alarmId: random.uuid(),
    configuration,
    highMinutes: 0,
    lowMinutes: 0,
    blindMinutes: 0,
    scaledAt: { out: Number.NEGATIVE_INFINITY, in: Number.NEGATIVE_INFINITY },
  };
  tracking.add(policy);
  return policy;
}

function describePolicy(policy: PolicyRecord): sdk.ScalingPolicy {
  return {
    PolicyARN: policy.arn,
    PolicyName: policy.name,
    ServiceNamespace: "ecs",
    ResourceId: policy.target.resourceId,
    ScalableDimension: "ecs:service:DesiredCount",
    PolicyType: "TargetTrackingScaling",
    TargetTrackingScalingPolicyConfiguration: policy.configuration,
    Alarms: [],
    CreationTime: new Date(policy.createdAt),
  };
}
