/** What Application Auto Scaling needs to know of the rest of the region; functions, so that they may be bound late. */
export interface AutoScalingOptions {
  /** ECS's side: bind it to the ECS model's `services`. */
  readonly services: ScalableServices;
  /**
   * The load of a service now, as the average of the metric that a policy tracks (`ECSServiceAverageCPUUtilization`:
   * percent of a task). Undefined when there is no data, as when no task runs.
   */
  readonly load: (service: ScalableService, metric: string) => number | undefined;
}

export interface ScalableService {
  readonly cluster: string;
  readonly service: string;
}

export interface ScalableServices {
  count(
    cluster: string,
    service: string,
  ): { readonly desiredCount: number; readonly deploying: boolean } | undefined;
  setDesiredCount(cluster: string, service: string, count: number): void;
}
