import type {
  PutScalingPolicyRequest,
  RegisterScalableTargetRequest,
} from "@aws-sdk/client-application-auto-scaling";

/** Calls an operation of the region as the operator. */
type OperatorCall = (service: string, operation: string, input: object) => Promise<Record<string, unknown>>;

export interface ScalingPlan {
  readonly cluster: string;
  readonly service: string;
  readonly min: number;
  readonly max: number;
  /** Percent of a task's CPU. */
  readonly cpuTarget: number;
}

/** Has a service follow its CPU load: what a stack made before a drill begins. */
export async function installScaling(
  call: OperatorCall,
  { cluster, service, min, max, cpuTarget }: ScalingPlan,
): Promise<void> {
  const which = {
    ServiceNamespace: "ecs",
    ResourceId: `service/${cluster}/${service}`,
    ScalableDimension: "ecs:service:DesiredCount",
  } as const;
  const target: RegisterScalableTargetRequest = { ...which, MinCapacity: min, MaxCapacity: max };
  await call("application-autoscaling", "RegisterScalableTarget", target);
  const policy: PutScalingPolicyRequest = {
    ...which,
    PolicyName: `${service}-cpu`,
    PolicyType: "TargetTrackingScaling",
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: cpuTarget,
      PredefinedMetricSpecification: { PredefinedMetricType: "ECSServiceAverageCPUUtilization" },
    },
  };
  await call("application-autoscaling", "PutScalingPolicy", policy);
}
