import * as sdk from "@aws-sdk/client-application-auto-scaling";
import { arnOf } from "../../region-context.ts";
import type { Permission, ServiceModel } from "../../service-model.ts";
import { page } from "./page.ts";
import { checkBounds, checkDimension, type ScalableTargets } from "./scalable-targets.ts";

/** RegisterScalableTarget, DescribeScalableTargets, DescribeScalingActivities. */
export function targetOperations(model: ServiceModel, targets: ScalableTargets): void {
  model
    .on(sdk.RegisterScalableTargetCommand, {
      accepts: [
        "ServiceNamespace",
        "ResourceId",
        "ScalableDimension",
        "MinCapacity",
        "MaxCapacity",
        "SuspendedState",
      ],
      authorize: (input) => [onTarget(targets, "RegisterScalableTarget", input)],
      handle: (input) => {
        checkDimension(input.ServiceNamespace, input.ScalableDimension);
        const known = targets.find(input.ResourceId);
        checkBounds({ min: input.MinCapacity ?? known?.min, max: input.MaxCapacity ?? known?.max });
        return { ScalableTargetARN: targets.register(input).arn };
      },
    })
    .on(sdk.DescribeScalableTargetsCommand, {
      accepts: ["ServiceNamespace", "ResourceIds", "ScalableDimension", "MaxResults", "NextToken"],
      // No resource types (docs/facts/ecs.md §7).
      authorize: () => [{ action: "application-autoscaling:DescribeScalableTargets", resource: "*" }],
      handle: (input) => {
        checkDimension(input.ServiceNamespace, input.ScalableDimension);
        const wanted = input.ResourceIds ?? [];
        const found = targets
          .all()
          .filter(({ resourceId }) => wanted.length === 0 || wanted.includes(resourceId));
        const { items, next } = page(found, input, 50);
        return { ScalableTargets: items.map((target) => targets.describe(target)), ...next };
      },
    })
    .on(sdk.DescribeScalingActivitiesCommand, {
      accepts: ["ServiceNamespace", "ResourceId", "ScalableDimension", "MaxResults", "NextToken"],
      authorize: () => [{ action: "application-autoscaling:DescribeScalingActivities", resource: "*" }],
      handle: (input) => {
        checkDimension(input.ServiceNamespace, input.ScalableDimension);
        // "from the previous six weeks", newest first as in the examples [dts DescribeScalingActivities].
        const found = targets
          .all()
          .filter(({ resourceId }) => input.ResourceId === undefined || resourceId === input.ResourceId)
          .flatMap(({ activities }) => activities)
          .sort((a, b) => (b.StartTime?.getTime() ?? 0) - (a.StartTime?.getTime() ?? 0));
        const { items, next } = page(found, input, 50);
        return { ScalingActivities: items, ...next };
      },
    });
}

/**
 * The scalable target's ARN once it has one, with the condition keys of docs/facts/ecs.md §7. A target that is not
 * registered yet has no ARN; that the policy must then allow `scalable-target/*` is unverified.
 */
export function onTarget(
  targets: ScalableTargets,
  operation: string,
  input: {
    readonly ResourceId?: string | undefined;
    readonly ServiceNamespace?: string | undefined;
    readonly ScalableDimension?: string | undefined;
  },
): Permission {
  const unknown = arnOf(targets.context, "application-autoscaling", "scalable-target/*");
  return {
    action: `application-autoscaling:${operation}`,
    resource: targets.find(input.ResourceId)?.arn ?? unknown,
    context: {
      "application-autoscaling:service-namespace": input.ServiceNamespace ?? "",
      "application-autoscaling:scalable-dimension": input.ScalableDimension ?? "",
    },
  };
}
