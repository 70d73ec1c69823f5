/** The settings of a target group that decide how fast ECS can replace a task behind it. */
export interface TargetGroup {
  readonly arn: string;
  readonly healthCheckIntervalSeconds: number;
  readonly healthyThresholdCount: number;
  readonly unhealthyThresholdCount: number;
  readonly deregistrationDelaySeconds: number;
}

/** The `LoadBalancer` and `TargetGroup` dimensions of CloudWatch are the tail of the ARN. */
export function targetGroupDimension(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}
